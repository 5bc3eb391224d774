from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        import milestones.events  # noqa: F401, PLC0415  (registers what can happen)
        from milestones.models import Milestone  # noqa: PLC0415  (ready now)
        from text.shown import SOURCES  # noqa: PLC0415

        SOURCES.append(Milestone.objects.exclude(description="").values_list("description", flat=True).iterator)
