from django.apps import AppConfig
from django.urls import register_converter

from foundation.routes import BodyCode


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "基盤"

    def ready(self) -> None:
        """Let addresses of all apps say `<body:…>`."""
        register_converter(BodyCode, "body")
