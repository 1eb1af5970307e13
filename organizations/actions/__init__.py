"""What people do with bodies, each in one function and one transaction."""

from organizations.actions.tokens import IssuedToken, issue_token, revoke_token

__all__ = ["IssuedToken", "issue_token", "revoke_token"]
