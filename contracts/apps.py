from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        from accounts.actions import RENAMED  # noqa: PLC0415  (models are ready now)
        from contracts.events.renaming import note_new_name  # noqa: PLC0415

        RENAMED.append(note_new_name)
