"""No address and no storage, for pages that must ask neither."""

from typing import Never

from django.contrib.staticfiles.storage import StaticFilesStorage

urlpatterns: list[Never] = []


class NoStorage(StaticFilesStorage):
    """Fails as a storage without its manifest does."""

    def url(self, name, force=False):  # noqa: ARG002, FBT002
        msg = f"Missing staticfiles manifest entry for {name!r}"
        raise ValueError(msg)
