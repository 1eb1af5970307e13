from django.apps import AppConfig


class KochiPortalConfig(AppConfig):
    name = "kochi_portal"
    verbose_name = "高知県版ポータル"
