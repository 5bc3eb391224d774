from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        import milestones.sentences  # noqa: F401, PLC0415  (registers how this app's events read)
