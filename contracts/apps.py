from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        import contracts.sentences  # noqa: F401, PLC0415  (registers how this app's events read)
