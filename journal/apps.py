from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "ジャーナル"

    def ready(self) -> None:
        # A worker must know every event by its name, and who wants to hear of it.
        autodiscover_modules("events", "subscribers")
