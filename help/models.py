"""What people ask the staff, and what became of it. Knows nothing of contracts: people who have none ask too.

Invariants, held by the database: what was asked is never changed or deleted, and it is answered at most once.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MESSAGE_LENGTH = 5000


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def waiting(self) -> "EnquiryQuerySet":
        return self.filter(answered_at=None)


class Enquiry(models.Model):
    class Kind(models.TextChoices):
        QUESTION = "question", _("A question")
        QUOTE = "quote", _("A quote: what a piece of work would cost")
        CONTRACT = "contract", _("A problem with a contract")

    kind = models.CharField(_("about"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("signed in as")
    )
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    key = models.UUIDField(unique=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        indexes = [models.Index(fields=["-id"], name="help_enquiry_waiting", condition=Q(answered_at=None))]
        constraints = [
            models.CheckConstraint(
                name="help_enquiry_kind_known", condition=Q(kind__in=["question", "quote", "contract"])
            ),
            models.CheckConstraint(
                name="help_enquiry_answer_has_who_and_when",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="asked_once", fields=["kind", "name", "email", "person", "message", "key", "sent_at"]
            ),
            pgtrigger.Protect(
                name="answered_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.name}"
