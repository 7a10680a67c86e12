from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "booking"
    verbose_name = "Booking"

    def ready(self) -> None:
        from booking import receivers  # noqa: F401, PLC0415 -- receivers need the models loaded
