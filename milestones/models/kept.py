from collections.abc import Iterable
from typing import TypedDict

from django.conf import settings
from django.db import models

from milestones.models.amendment import Amendment, Change


class KeptLine(TypedDict):
    revision: int
    """The revision of the line that the person saw."""
    typed: dict[str, str]
    """The fields of its form by name, as they were typed, right or wrong."""


class KeptAnswersQuerySet(models.QuerySet["KeptAnswers"]):
    def open(self) -> "KeptAnswersQuerySet":
        return self.filter(amendment__closed_at=None)


class KeptAnswers(models.Model):
    """What one person has chosen and typed on the lines of an amendment and not sent, so that none of it is lost.

    It decides nothing and is for this person alone. It goes when they send their answers or the amendment is closed.
    """

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="kept_answers", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kept_at = models.DateTimeField()
    lines = models.JSONField(default=dict)

    objects = KeptAnswersQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "kept answers"
        constraints = [models.UniqueConstraint(fields=["amendment", "by"], name="milestones_kept_once_a_person")]

    def __str__(self) -> str:
        return f"{self.amendment_id}, {self.by_id}"

    def typed(self, change: Change) -> dict[str, str]:
        """What they typed for this line; nothing where it has changed since they saw it."""
        line: KeptLine | None = self.lines.get(str(change.pk))
        return line["typed"] if line and line["revision"] == change.revised_in else {}

    def count(self, changes: Iterable[Change]) -> int:
        """How many of these lines they have chosen an answer for."""
        return sum(1 for change in changes if self.typed(change).get("choice"))

    def is_stale(self, change: Change) -> bool:
        """Whether they answered it, and it is another one now."""
        line: KeptLine | None = self.lines.get(str(change.pk))
        return bool(line and line["revision"] != change.revised_in)
