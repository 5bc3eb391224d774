import secrets

import django_fsm as fsm
import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escrow import permissions
from escrow.models.account import ABOVE_ALL_SUMS, SUM_DIGITS
from escrow.models.transfer import Transfer
from escrow.money import DECIMAL_PLACES, currency_choices, format_money

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What people can read aloud and copy by hand: no 0/O, 1/I/L."""


def new_reference() -> str:
    """What the payer writes on the bank transfer, like "TR-7K3QX9"."""
    return "TR-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))


class DepositQuerySet(models.QuerySet["Deposit"]):
    def visible_to(self, user: User) -> "DepositQuerySet":
        """A person's own. Staff use the admin."""
        return self.filter(owner=user)

    def waiting(self) -> "DepositQuerySet":
        return self.filter(state=Deposit.State.REQUESTED)


@pghistory.track(append_only=True)
class Deposit(models.Model):
    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for the money")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")

    class Gateway(models.TextChoices):
        MANUAL = "manual", _("Bank transfer")
        SANDBOX = "sandbox", _("Play money")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deposits", db_index=False
    )
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices)
    amount = models.DecimalField(_("amount"), max_digits=SUM_DIGITS, decimal_places=DECIMAL_PLACES)
    gateway = models.CharField(_("gateway"), max_length=10, choices=Gateway.choices)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference, editable=False)
    state = fsm.FSMField(choices=State.choices, default=State.REQUESTED, protected=True, editable=False)
    key = models.CharField(_("key"), max_length=200, editable=False)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, null=True, blank=True, editable=False)

    objects = DepositQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="escrow_deposit_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="escrow_deposit_amount_is_a_number", condition=Q(amount__lt=ABOVE_ALL_SUMS)),
            models.CheckConstraint(name="escrow_deposit_gateway_known", condition=Q(gateway__in=["manual", "sandbox"])),
            models.CheckConstraint(
                name="escrow_deposit_state_and_answer_agree",
                condition=Q(state="requested", answered_at=None, answered_by=None, transfer=None)
                | Q(
                    state="confirmed",
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    transfer__isnull=False,
                )
                | Q(state="cancelled", answered_at__isnull=False, answered_by__isnull=False, transfer=None),
            ),
            models.UniqueConstraint(name="escrow_deposit_once", fields=["owner", "key"]),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="escrow_deposit_newest")]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["confirmed", "cancelled"]),
            ),
            pgtrigger.ReadOnly(
                name="as_requested",
                fields=["owner", "currency", "amount", "gateway", "reference", "key", "requested_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {format_money(self.amount, self.currency)}"

    @property
    def is_play_money(self) -> bool:
        return self.gateway == self.Gateway.SANDBOX

    @fsm.transition(
        state,
        source=State.REQUESTED,
        target=State.CONFIRMED,
        permission=permissions.may_confirm,  # type: ignore[arg-type]  # the stub wants any Model
        custom={"label": _("Confirm")},
    )
    def confirm(self, *, by: User, reason: str, transfer: Transfer) -> None:
        self.transfer = transfer
        self._answer(by=by, reason=reason)

    @fsm.transition(
        state,
        source=State.REQUESTED,
        target=State.CANCELLED,
        permission=permissions.may_cancel,  # type: ignore[arg-type]
        custom={"label": _("Cancel")},
    )
    def cancel(self, *, by: User, reason: str) -> None:
        self._answer(by=by, reason=reason)

    def _answer(self, *, by: User, reason: str) -> None:
        self.answered_at = timezone.now()
        self.answered_by = by
        self.reason = reason
