import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Frequency, Kind


class Preference(models.Model):
    """How often a person wants mail of one kind. Without a row it is at once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_preferences", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notifications_preference_one_of_a_kind"),
            models.CheckConstraint(
                name="notifications_preference_answers_are_mailed",
                condition=~Q(kind=Kind.ANSWER, frequency=Frequency.NEVER),
                violation_error_message=_("What waits for an answer cannot be turned off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_frequency_display()}"


class QuietHours(models.Model):
    """The hours in which a person gets no mail, in their own zone. Without a row there are none."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    begin = models.TimeField()
    end = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="notifications_quiethours_not_all_day", condition=~Q(begin=F("end")))
        ]

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}–{self.end:%H:%M}"

    def next_end(self, moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
        """`moment` itself, or when the quiet hours end in which it lies."""
        local = moment.astimezone(zone)
        over_midnight = self.begin > self.end
        is_evening = over_midnight and local.time() >= self.begin
        is_quiet = is_evening or (local.time() < self.end if over_midnight else self.begin <= local.time() < self.end)
        if not is_quiet:
            return moment
        day = local.date() + datetime.timedelta(days=1 if is_evening else 0)
        end = datetime.datetime.combine(day, self.end, zone)
        # Where clocks go back, the hour comes twice, and the first one is over.
        return end if end > moment else end.replace(fold=1)
