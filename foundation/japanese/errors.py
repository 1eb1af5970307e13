"""The one error of this package."""


class TextError(ValueError):
    """What was typed cannot be read; `str()` tells a person in Japanese what to do."""
