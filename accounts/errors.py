"""What cannot be done with accounts, each said in Japanese."""

from foundation.errors import DomainError


class AccountNotOfStaff(DomainError):
    """A resident uses this address; nobody becomes staff by somebody else's word."""

    code = "account_not_of_staff"
    sentence = (
        "このメールアドレスは、職員用に使えません。"
        "職員ひとりひとりの、仕事用のメールアドレスを入力してください。"
    )


class AccountClosed(DomainError):
    """The account was closed."""

    code = "account_closed"
    sentence = "このメールアドレスのアカウントは、停止されています。"


class AccountUnusable(DomainError):
    """An address or a name cannot be kept as it is."""

    code = "account_unusable"
