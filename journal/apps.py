from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "ジャーナル"

    def ready(self) -> None:
        autodiscover_modules("subscribers")
