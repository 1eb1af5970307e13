"""Why a message cannot reach anybody."""

from foundation.errors import DomainError


class AddressRefused(Exception):
    """The mail server will never take a message to this address.

    Args:
        code: Its reply code, such as 550; its text may name the person.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"address refused: {code}")
        self.code = code


class MessageNotResendable(DomainError):
    """Only what could not be sent is sent again, soon, by who works for the body."""

    code = "message_not_resendable"
    sentence = (
        "送り直せるのは、送信できなかった通知だけです。"
        "送信をあきらめてから90日たつと、宛先を消すため送り直せません。"
    )
