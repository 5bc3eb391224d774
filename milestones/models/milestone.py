from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition

from contracts.models import Contract
from escrow.models import Account
from escrow.money import DECIMAL_PLACES, MAX_DIGITS, MAXIMUM
from milestones import permissions as may
from milestones.models.terms import DESCRIPTION_LENGTH, TITLE_LENGTH, Terms
from parties.models import Party

if TYPE_CHECKING:
    from milestones.models.amendment import Change


class MilestoneState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Not funded yet")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", pgettext_lazy("without an answer", "Closed")
    FUNDED = "funded", _("In escrow")
    SUBMITTED = "submitted", _("In escrow, in review")
    PAID = "paid", _("Paid")
    REMOVED = "removed", _("Removed")
    REFUNDED = "refunded", _("Refunded")


State = MilestoneState

UPCOMING = {State.ACCEPTED}
IN_PROGRESS = {State.FUNDED, State.SUBMITTED}
AGREED = UPCOMING | IN_PROGRESS | {State.PAID}
IN_PLAN = AGREED | {State.PROPOSED}


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def agreed(self) -> "MilestoneQuerySet":
        return self.filter(state__in=AGREED)

    def in_plan(self) -> "MilestoneQuerySet":
        """What is agreed and what is proposed, in the order that both parties see."""
        return self.filter(state__in=IN_PLAN).in_order()

    def in_order(self) -> "MilestoneQuerySet":
        return self.order_by("position", "id")

    def in_progress(self) -> "MilestoneQuerySet":
        return self.filter(state__in=IN_PROGRESS)


class MachineGuard(pgtrigger.FSM):
    """The database allows the moves of the state machine that stands on the model, and no others."""

    def __init__(self, *, name: str, field: str) -> None:
        self.field = field
        pgtrigger.Trigger.__init__(self, name=name)  # the moves are known when the model is whole

    def get_func(self, model: Any) -> str:
        machine = apps.get_model(model._meta.label)  # while migrations are made, `model` is a copy that cannot move
        state = machine._meta.get_field(self.field)
        moves = {(move.source, move.target) for move in state.get_all_transitions(machine)}
        self.transitions = sorted(moves, key=lambda move: [State.values.index(state) for state in move])
        return str(super().get_func(model))  # type: ignore[no-untyped-call]


def _is_funded_in_full(milestone: models.Model) -> bool:
    return isinstance(milestone, Milestone) and milestone.is_funded_in_full


@pghistory.track(
    model_name="MilestoneHistory", obj_field=pghistory.ObjForeignKey(related_name="history"), append_only=True
)
class Milestone(FSMModelMixin, models.Model):
    """A priced piece of work of one contract. Its terms are the agreed ones, or the proposed ones until it is agreed.

    State moves only through `milestones.actions`.
    """

    State = MilestoneState

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones", db_index=False)
    position = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    due_date = models.DateField(_("due date"), null=True, blank=True)
    state = FSMField(choices=State.choices, default=State.PROPOSED, protected=True)
    proposed_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    escrow = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="milestone")
    created_at = models.DateTimeField(auto_now_add=True)

    _suggestion: "Change | None"

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contract", "position"], name="milestones_plan")]
        constraints = [
            models.CheckConstraint(
                name="milestones_milestone_amount_positive", condition=Q(amount__gt=0, amount__lte=MAXIMUM)
            ),
            models.CheckConstraint(name="milestones_milestone_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="milestones_milestone_paid_from_escrow",
                condition=Q(escrow__isnull=False) | ~Q(state__in=["funded", "submitted", "paid", "refunded"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            MachineGuard(name="legal_moves", field="state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def suggestion(self) -> "Change | None":
        """The change that waits for an answer, where a `Plan` has read it."""
        if "_suggestion" not in self.__dict__:  # an AttributeError would be nothing at all to a template
            raise RuntimeError("No plan has read what waits for this milestone.")
        return self._suggestion

    @suggestion.setter
    def suggestion(self, change: "Change | None") -> None:
        self._suggestion = change

    @property
    def terms(self) -> Terms:
        return Terms.of(self)

    def set_terms(self, terms: Terms) -> None:
        terms.put(self)

    @property
    def is_upcoming(self) -> bool:
        return self.state in UPCOMING

    @property
    def is_in_progress(self) -> bool:
        return self.state in IN_PROGRESS

    @property
    def is_overdue(self) -> bool:
        """Its date has passed in the contract's zone, and the work is not handed in."""
        is_open = self.state in (State.ACCEPTED, State.FUNDED)
        return is_open and self.due_date is not None and self.due_date < self.contract.today()

    @property
    def held(self) -> Decimal:
        """What its escrow holds by the ledger, in the contract's currency."""
        return (self.escrow.balance if self.escrow else None) or Decimal()

    @property
    def is_funded_in_full(self) -> bool:
        """Read from the ledger, not from the state."""
        return self.held == self.amount

    @transition(state, source=State.PROPOSED, target=State.ACCEPTED, permission=may.may_accept)
    def accept(self) -> None: ...

    @transition(state, source=State.PROPOSED, target=State.DECLINED, permission=may.is_other_party)
    def decline(self) -> None: ...

    @transition(state, source=State.PROPOSED, target=State.WITHDRAWN, permission=may.is_proposer)
    def withdraw(self) -> None: ...

    @transition(state, source=State.PROPOSED, target=State.CLOSED, permission=may.is_staff)
    def drop(self) -> None: ...

    @transition(state, source=State.ACCEPTED, target=State.REMOVED, permission=may.is_client)
    def remove(self) -> None: ...

    @transition(
        state,
        source=State.ACCEPTED,
        target=State.FUNDED,
        permission=may.is_client,
    )
    def fund(self) -> None: ...

    @transition(
        state,
        source=State.FUNDED,
        target=State.SUBMITTED,
        conditions=[_is_funded_in_full],
        permission=may.is_freelancer,
    )
    def submit(self) -> None: ...

    @transition(
        state,
        source=State.SUBMITTED,
        target=State.FUNDED,
        permission=may.is_client,
    )
    def request_changes(self) -> None: ...

    @transition(
        state,
        source=State.SUBMITTED,
        target=State.PAID,
        permission=may.is_client,
    )
    def release(self) -> None: ...

    @transition(
        state,
        source=[State.FUNDED, State.SUBMITTED],
        target=State.REFUNDED,
        permission=may.is_staff,
    )
    def refund(self) -> None: ...

    def moves_for(self, user: Any) -> set[str]:
        """The names of the moves that the machine allows this person now: the buttons are read from it."""
        return {move.name for move in self.get_available_user_state_transitions(user)}  # type: ignore[attr-defined]
