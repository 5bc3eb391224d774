from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        import milestones.events  # noqa: F401, PLC0415  (registers what can happen)
