from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from customers import receivers  # noqa: F401, PLC0415 -- models are loaded only now
        from customers.interfaces.importers import open_source  # noqa: PLC0415 -- as above
        from customers.services.imports import readers  # noqa: PLC0415 -- as above

        readers.use(open_source)
