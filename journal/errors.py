"""What can be wrong with the journal."""

from foundation.errors import DomainError


class NotInTransaction(RuntimeError):
    """An event was recorded outside the transaction of the change it tells of."""


class ChainBroken(DomainError):
    """An entry was changed, removed or slipped in after it was sealed."""

    code = "journal_chain_broken"
