"""What can be wrong with an index; nobody but us reads it."""


class IndexDamaged(Exception):
    """A file of an index is missing, cut off, or of another format."""
