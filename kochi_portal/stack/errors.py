"""What the stack says when something is missing."""


class PieceMissing(Exception):
    """Something the stack needs is not there; the text says what mends it."""
