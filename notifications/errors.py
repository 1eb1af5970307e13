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


class AddressNotPublic(Exception):
    """The address of a webhook leads to a machine that is not of the internet."""


class NotTaken(Exception):
    """Another program answered a delivery with anything but 2xx.

    Args:
        answer: The status, or what was wrong with the answer.
    """

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class WebhookNotPossible(DomainError):
    """What was entered cannot be a webhook of this body."""

    code = "webhook_not_possible"
    sentence = "https:// で始まる、インターネット上のアドレスを入力してください。"


class NotAdministrator(DomainError):
    """Webhooks are the administrators' own."""

    code = "not_administrator"
    sentence = "Webhookを扱えるのは、その団体の管理担当だけです。"


class DeliveryNotResendable(DomainError):
    """Only what has come to an end is sent again."""

    code = "delivery_not_resendable"
    sentence = "送信待ちのものは、送り直せません。届くまでお待ちください。"
