import secrets
from decimal import Decimal

import django_fsm as fsm
import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escrow import permissions
from escrow.models.account import ABOVE_ALL_SUMS, SUM_DIGITS
from escrow.models.transfer import Transfer
from escrow.money import DECIMAL_PLACES, currency_choices, format_money
from parties.models import Party
from parties.queries import acts_for

REASON_LENGTH = 300
"""Short enough that its owner reads all of it in a notification."""
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What people can read aloud and copy by hand: no 0/O, 1/I/L."""

CONFIRMED_BY_OTHERS = """
    IF EXISTS (
        SELECT FROM parties_membership
        WHERE party_id = NEW.owner_id AND person_id IN (NEW.vouched_by_id, NEW.answered_by_id)
    ) THEN
        RAISE EXCEPTION 'Deposit % was confirmed by somebody who acts for its owner.', NEW.id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def new_reference() -> str:
    """What the payer writes on the bank transfer, like "TR-7K3QX9"."""
    return "TR-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))


class DepositQuerySet(models.QuerySet["Deposit"]):
    def visible_to(self, user: User) -> "DepositQuerySet":
        """Those of the parties for which this person acts. Staff use the admin."""
        return self.filter(acts_for(user, "owner"))

    def waiting(self) -> "DepositQuerySet":
        return self.filter(state__in=[Deposit.State.REQUESTED, Deposit.State.VOUCHED])


def _needs_another(deposit: models.Model) -> bool:
    return isinstance(deposit, Deposit) and deposit.needs_two and deposit.state == Deposit.State.REQUESTED


def _needs_nobody_else(deposit: models.Model) -> bool:
    return not _needs_another(deposit)


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="history"), append_only=True)
class Deposit(models.Model):
    """Above `FOUR_EYES_ABOVE` one member of staff vouches that the money has arrived, and another confirms it."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for the money")
        VOUCHED = "vouched", _("Waiting for a second confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")

    class Gateway(models.TextChoices):
        MANUAL = "manual", _("Bank transfer")
        SANDBOX = "sandbox", _("Play money")

    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="deposits", db_index=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", db_index=False
    )
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices)
    amount = models.DecimalField(_("amount"), max_digits=SUM_DIGITS, decimal_places=DECIMAL_PLACES)
    gateway = models.CharField(_("gateway"), max_length=10, choices=Gateway.choices)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference, editable=False)
    state = fsm.FSMField(choices=State.choices, default=State.REQUESTED, protected=True, editable=False)
    key = models.CharField(_("key"), max_length=200, editable=False)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    vouched_at = models.DateTimeField(_("confirmed by the first"), null=True, blank=True, editable=False)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("first to confirm"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True, editable=False)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, null=True, blank=True, editable=False)

    objects = DepositQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="escrow_deposit_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="escrow_deposit_amount_is_a_number", condition=Q(amount__lt=ABOVE_ALL_SUMS)),
            models.CheckConstraint(name="escrow_deposit_gateway_known", condition=Q(gateway__in=["manual", "sandbox"])),
            models.CheckConstraint(
                name="escrow_deposit_state_and_answer_agree",
                condition=Q(state="requested", vouched_at=None, answered_at=None, answered_by=None, transfer=None)
                | Q(state="vouched", vouched_at__isnull=False, answered_at=None, answered_by=None, transfer=None)
                | Q(
                    state="confirmed",
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    transfer__isnull=False,
                )
                | Q(state="cancelled", answered_at__isnull=False, answered_by__isnull=False, transfer=None),
            ),
            models.CheckConstraint(
                name="escrow_deposit_vouched_by_somebody",
                condition=Q(vouched_at=None, vouched_by=None) | Q(vouched_at__isnull=False, vouched_by__isnull=False),
            ),
            models.CheckConstraint(
                name="escrow_deposit_confirmed_by_two",
                condition=~Q(state__in=["vouched", "confirmed"], gateway="manual") | ~Q(answered_by=F("vouched_by")),
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
            pgtrigger.Trigger(
                name="confirmed_by_others",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__gateway="manual", new__state__in=["vouched", "confirmed"]),
                func=CONFIRMED_BY_OTHERS,
            ),
            pgtrigger.ReadOnly(
                name="as_requested",
                fields=["owner", "requested_by", "currency", "amount", "gateway", "reference", "key", "requested_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {format_money(self.amount, self.currency)}"

    @property
    def is_play_money(self) -> bool:
        return self.gateway == self.Gateway.SANDBOX

    @property
    def needs_two(self) -> bool:
        """Whether two members of staff have to say that this much money has arrived."""
        least = Decimal(settings.FOUR_EYES_ABOVE.get(self.currency, 0))
        return not self.is_play_money and self.amount > least

    @fsm.transition(
        state,
        source=State.REQUESTED,
        target=State.VOUCHED,
        conditions=[_needs_another],
        permission=permissions.may_vouch,  # type: ignore[arg-type]  # the stub wants any Model
    )
    def vouch(self, *, by: User, reason: str) -> None:
        self.vouched_at = timezone.now()
        self.vouched_by = by
        self.reason = reason

    @fsm.transition(
        state,
        source=[State.REQUESTED, State.VOUCHED],
        target=State.CONFIRMED,
        conditions=[_needs_nobody_else],
        permission=permissions.may_confirm,  # type: ignore[arg-type]
    )
    def confirm(self, *, by: User, reason: str, transfer: Transfer) -> None:
        self.transfer = transfer
        self._answer(by=by, reason=reason)

    @fsm.transition(
        state,
        source=[State.REQUESTED, State.VOUCHED],
        target=State.CANCELLED,
        permission=permissions.may_cancel,  # type: ignore[arg-type]
    )
    def cancel(self, *, by: User, reason: str) -> None:
        self._answer(by=by, reason=reason)

    def has_move(self, verb: str, user: User) -> bool:
        """Whether the machine allows this person that move now."""
        move = getattr(self, verb)
        return fsm.can_proceed(move) and fsm.has_transition_perm(move, user)

    def _answer(self, *, by: User, reason: str) -> None:
        self.answered_at = timezone.now()
        self.answered_by = by
        self.reason = reason
