from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        from accounts.actions import RENAMED  # noqa: PLC0415  (models are ready now)
        from contracts.events.renaming import note_new_name  # noqa: PLC0415
        from contracts.rules import require_one_side  # noqa: PLC0415
        from parties.actions import JOINING  # noqa: PLC0415

        RENAMED.append(note_new_name)
        JOINING.append(require_one_side)
