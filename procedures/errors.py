"""What cannot be done with procedures and offerings, each said in Japanese."""

from foundation.errors import DomainError


class NotPublisher(DomainError):
    """Only who publishes for a body changes what it offers."""

    code = "not_publisher"
    sentence = "この操作ができるのは、その団体の「公開」の役割の人です。"


class OfferingUnusable(DomainError):
    """What was entered for an offering does not fit together."""

    code = "offering_unusable"
