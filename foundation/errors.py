"""The one kind of error that is meant for a person."""

from typing import ClassVar


class DomainError(Exception):
    """A rule of the domain was broken; `str()` tells a person so in Japanese.

    Views show it as a form error, the API as 409 `application/problem+json`, admin
    as a warning.
    """

    code: ClassVar[str] = "domain_error"
    sentence: ClassVar[str] = "この操作はできません。画面を読み込み直してください。"

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)

    @property
    def sentences(self) -> list[str]:
        """What is wrong, each in a sentence of its own."""
        return [str(self)]
