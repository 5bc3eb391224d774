import datetime
from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.actors import Actor, kept, name_then, nobody_acted, one_acted, rule_column
from accounts.models import User
from contracts.models import Contract
from escrow.money import DECIMAL_PLACES, MAX_DIGITS, MAXIMUM
from milestones import permissions as may
from milestones.models.milestone import Milestone
from milestones.models.terms import DESCRIPTION_LENGTH, REASON_LENGTH, TITLE_LENGTH, Terms
from parties.models import Party
from parties.permissions import may_act
from parties.queries import acts_for

BASE, ASKED = "base_", "asked_"
"""Before the names of a change's columns: the terms that it was based on, and those that it asks for."""

BETWEEN_REMINDERS = datetime.timedelta(hours=24)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> "AmendmentQuerySet":
        return self.filter(closed_at=None)


class Amendment(models.Model):
    """What one party saved in one go. It is open while a line of it is unanswered, and never expires (R19)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="amendments", db_index=False)
    number = models.PositiveIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    """Who saved it first, for the party."""
    author_name = models.CharField(max_length=254, blank=True, editable=False)  # as it was when this was saved
    revision = models.PositiveIntegerField(_("times saved"), default=1)
    saved_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="milestones_amendment_number"),
            models.UniqueConstraint(
                fields=["contract", "party"],
                condition=Q(closed_at=None),
                name="milestones_amendment_one_open_per_party",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.letter}, revision {self.revision}"

    def get_absolute_url(self) -> str:
        """Where it is answered while it is open, and read from then on."""
        return reverse("milestones:amendment", args=[self.contract_id, self.number])

    @property
    def answerer(self) -> Party:
        """Whose consent it waits for: never that of the party that saved it."""
        return self.contract.other_side(self.party)

    def is_of(self, user: Actor) -> bool:
        """Whether this person acts for the party that saved it."""
        return may_act(user, self.party)

    @property
    def may_remind_from(self) -> datetime.datetime:
        """The moment from which the author may remind the other party: once in 24 hours."""
        return (self.reminded_at or self.saved_at) + BETWEEN_REMINDERS

    @property
    def matter(self) -> str:
        """Its name where people are told of it."""
        return self.matter_of(self.pk)

    @staticmethod
    def matter_of(pk: int) -> str:
        return f"amendment-{pk}"

    @property
    def letter(self) -> str:
        """A to Z, then AA, AB …: as drawings count their revisions."""
        letters, rest = "", self.number
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters


class ChangeKind(models.TextChoices):
    ADD = "add", pgettext_lazy("kind of suggestion", "New milestone")
    EDIT = "edit", pgettext_lazy("kind of suggestion", "Change")
    REMOVE = "remove", pgettext_lazy("kind of suggestion", "Remove")


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Approved")
    DECLINED = "declined", _("Declined")
    COUNTERED = "countered", _("Answered with something else")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", pgettext_lazy("without an answer", "Closed")


State = ChangeState

ANSWERED = [state.value for state in State if state != State.PROPOSED]


def _no_terms(prefix: str) -> Q:
    return Q(**{f"{prefix}_title": None, f"{prefix}_amount": None})


def _terms_given(prefix: str) -> Q:
    """Says "not null" beside each comparison: a check that comes out as null passes."""
    title, amount = f"{prefix}_title", f"{prefix}_amount"
    given = {f"{title}__isnull": False, f"{amount}__isnull": False}
    return Q(**given, **{f"{amount}__gt": 0, f"{amount}__lte": MAXIMUM})


class ChangeQuerySet(models.QuerySet["Change"]):
    def pending(self) -> "ChangeQuerySet":
        return self.filter(state=State.PROPOSED)

    def in_order(self) -> "ChangeQuerySet":
        return self.order_by("milestone__position", "id")

    def with_plan(self) -> "ChangeQuerySet":
        return self.select_related(
            *("amendment__author", "amendment__party__person", "answered_by"),
            *("milestone__escrow", "milestone__proposed_by__person"),
        )

    def waiting_for(self, user: User) -> "ChangeQuerySet":
        """Pending changes that this person, as the other party, has to answer."""
        mine = acts_for(user, "amendment__contract__client", "amendment__contract__freelancer")
        return self.pending().filter(mine).exclude(acts_for(user, "amendment__party"))


@pghistory.track(
    model_name="ChangeHistory", obj_field=pghistory.ObjForeignKey(related_name="history"), append_only=True
)
class Change(FSMModelMixin, models.Model):
    """One line of an amendment: the terms asked for and the terms they were based on. Read-only once answered."""

    Kind = ChangeKind
    State = ChangeState

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="changes")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = FSMField(choices=State.choices, default=State.PROPOSED, protected=True)

    base_title = models.CharField(max_length=TITLE_LENGTH, null=True)  # noqa: DJ001  null means: there were no terms
    base_description = models.TextField(max_length=DESCRIPTION_LENGTH, blank=True)
    base_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    base_due_date = models.DateField(null=True)
    asked_title = models.CharField(max_length=TITLE_LENGTH, null=True)  # noqa: DJ001  null means: no terms are asked
    asked_description = models.TextField(max_length=DESCRIPTION_LENGTH, blank=True)
    asked_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    asked_due_date = models.DateField(null=True)

    counters = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="counter_offer"
    )
    valid_until = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=300, blank=True)  # the address of the message that it came from
    revised_in = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=254, blank=True, editable=False)  # as it was at that moment
    answered_by_rule = rule_column()
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("suggestion"), _("suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(state="proposed"), name="milestones_change_one_pending_per_milestone"
            ),
            models.CheckConstraint(name="milestones_change_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="milestones_change_answer_has_who_and_when",
                condition=Q(state="proposed", answered_at=None) & nobody_acted("answered_by")
                | (~Q(state="proposed") & Q(answered_at__isnull=False) & one_acted("answered_by")),
            ),
            models.CheckConstraint(
                name="milestones_change_terms_fit_kind",
                condition=(Q(kind="add") & _no_terms("base") & _terms_given("asked"))
                | (Q(kind="edit") & _terms_given("base") & _terms_given("asked"))
                | (Q(kind="remove") & _terms_given("base") & _no_terms("asked")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="read_only_once_answered",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=ANSWERED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def title(self) -> str:
        """By which both parties know the line: the name agreed so far, or else the one proposed."""
        return self.base_title or self.asked_title or ""

    @property
    def base(self) -> Terms | None:
        return Terms.of_any(self, BASE)

    @property
    def asked(self) -> Terms | None:
        return Terms.of_any(self, ASKED)

    def set_asked(self, terms: Terms) -> None:
        terms.put(self, ASKED)

    def set_base(self, terms: Terms) -> None:
        terms.put(self, BASE)

    @property
    def net(self) -> Decimal:
        """By how much the contract's total changes if this is approved, in the contract's currency."""
        return (self.asked_amount or Decimal()) - (self.base_amount or Decimal())

    @property
    def is_late(self) -> bool:
        """Whether the price was valid until a day that has passed in the contract's zone."""
        return self.valid_until is not None and self.valid_until < self.milestone.contract.today()

    @property
    def top_up(self) -> Decimal:
        """What goes into escrow when this is approved: nothing, unless the milestone is funded (R18)."""
        return self.net if self.kind == ChangeKind.EDIT and self.milestone.is_in_progress else Decimal()

    @property
    def leaves_to_fund(self) -> bool:
        """Whether approving this leaves a milestone that is agreed and not funded."""
        return self.kind != ChangeKind.REMOVE and not self.milestone.is_in_progress

    def _answer(self, by: Actor, at: datetime.datetime, reason: str) -> None:
        self.answered_by_name = name_then(by)
        self.answered_at, self.reason = at, reason
        for name, value in kept(by, "answered_by").items():
            setattr(self, name, value)

    @transition(state, source=State.PROPOSED, target=State.ACCEPTED, permission=may.may_accept_change)
    def accept(self, *, answered_by: Actor, at: datetime.datetime) -> None:
        self._answer(answered_by, at, "")

    @transition(state, source=State.PROPOSED, target=State.DECLINED, permission=may.is_answerer)
    def decline(self, *, answered_by: Actor, at: datetime.datetime, reason: str) -> None:
        self._answer(answered_by, at, reason)

    @transition(state, source=State.PROPOSED, target=State.COUNTERED, permission=may.is_answerer)
    def counter(self, *, answered_by: Actor, at: datetime.datetime) -> None:
        self._answer(answered_by, at, "")

    @transition(state, source=State.PROPOSED, target=State.WITHDRAWN, permission=may.is_author)
    def withdraw(self, *, answered_by: Actor, at: datetime.datetime) -> None:
        self._answer(answered_by, at, "")

    @transition(state, source=State.PROPOSED, target=State.CLOSED, permission=may.may_close_change)
    def drop(self, *, answered_by: Actor, at: datetime.datetime) -> None:
        """Without an answer, by whoever settled what it was about."""
        self._answer(answered_by, at, "")
