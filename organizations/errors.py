"""What cannot be done with bodies and tokens, each said in Japanese."""

from datetime import date

from foundation.errors import DomainError
from foundation.japanese import display_date


class TokenNotGrantable(DomainError):
    """Whoever asked may not give, or take back, a token like this."""

    code = "token_not_grantable"
    sentence = "このトークンを発行・失効させることはできません。"


class NotAdministrator(DomainError):
    """Only who administers a body changes its departments and members."""

    code = "not_administrator"
    sentence = "この操作ができるのは、その団体の「管理」の役割の人です。"


class EntryUnusable(DomainError):
    """What was entered for a department or member cannot be kept as it is."""

    code = "entry_unusable"


class RoleNotGrantable(DomainError):
    """Whoever asked may not give this role."""

    code = "role_not_grantable"
    sentence = (
        "「県サポート」を割り当てられるのは、県の管理担当のうち、"
        "自分も県サポートである人だけです。"
    )


class LastAdministrator(DomainError):
    """The body would be without anyone who administers it.

    Args:
        day: The first such day.
    """

    code = "last_administrator"

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{display_date(day)}から、管理の役割の人がいなくなってしまいます。"
            "先に、その日からの管理の役割を、ほかの人へ割り当ててください。"
        )
