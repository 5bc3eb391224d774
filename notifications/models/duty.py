from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Duty(models.Model):
    """What the site does every night, and how its last run went. `notifications.duties` does it."""

    name = models.CharField(_("what"), max_length=40, unique=True)
    began_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    found = models.TextField(_("what was found"), blank=True)
    is_wrong = models.BooleanField(_("needs a look"), default=False)

    class Meta:
        verbose_name = _("nightly duty")
        verbose_name_plural = _("nightly duties")
        constraints = [
            models.CheckConstraint(
                name="notifications_duty_ends_after_it_began",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
            )
        ]

    def __str__(self) -> str:
        return self.name
