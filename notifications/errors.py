"""Why a message cannot reach anybody."""


class AddressRefused(Exception):
    """The mail server will never take a message to this address.

    Args:
        code: Its reply code, such as 550; its text may name the person.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"address refused: {code}")
        self.code = code
