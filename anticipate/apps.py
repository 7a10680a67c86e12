from django.apps import AppConfig


class AnticipateConfig(AppConfig):
    name = "anticipate"
    verbose_name = "Anticipate"

    def ready(self) -> None:
        """Register the system checks."""
        from anticipate import checks  # noqa: F401, PLC0415 -- registers on import, once the registry exists
