"""What retrieval is made of: vectors and built indexes."""

from django.db import models
from django.utils import timezone

from faq.models.desks import Audience


class Vector(models.Model):
    """What an encoder made of a text (ベクトル), under the text's SHA-256.

    It belongs to the words, not to the entry: whoever writes the same words again, or
    goes back to an old revision, waits for nothing.
    """

    model = models.CharField("モデル", max_length=100)
    digest = models.CharField("文のSHA-256", max_length=64)
    # float16, little-endian.
    data = models.BinaryField("値")

    class Meta:
        verbose_name = "ベクトル"
        verbose_name_plural = "ベクトル"
        constraints = (
            models.UniqueConstraint("model", "digest", name="faq_vector_once"),
        )

    def __str__(self) -> str:
        return self.digest


class IndexVersion(models.Model):
    """One building of the index of an audience (索引の版)."""

    audience = models.CharField("対象", max_length=10, choices=Audience)
    number = models.PositiveBigIntegerField("版")
    model = models.CharField("モデル", max_length=100, blank=True)
    entries = models.PositiveIntegerField("項目数")
    rows = models.PositiveIntegerField("ベクトル数")
    is_delta = models.BooleanField("差分", default=False)
    seconds = models.FloatField("作成時間（秒）")
    built_at = models.DateTimeField("作成日時", default=timezone.now)

    class Meta:
        verbose_name = "索引の版"
        verbose_name_plural = "索引の版"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                "audience", "number", name="faq_indexversion_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.number}"
