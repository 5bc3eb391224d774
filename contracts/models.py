"""The agreement between one client and one freelancer, and the log of all that happened to it.

Invariants: the parties differ, and nobody acts for both; the log is append-only (the database refuses anything else);
`plan_revision` goes up with each act that touches the plan, so that nobody decides on something they have not seen.
"""

import datetime
import re
from functools import reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import time_zones
from accounts.actors import Actor, Site, one_acted, rule_column
from accounts.models import User, validate_time_zone
from escrow.money import currency_choices
from parties.models import Membership, Party
from parties.permissions import SEE, may_act
from parties.queries import acts_for
from text import names
from text.languages import isolated
from text.search import holds

MOST_WORDS = 8
_PLAIN = re.compile(r"[A-Za-z0-9/#?=&_-]+")

WHO_CAN_SIGN_IN = Q(person=None) | Q(person__is_active=True)

# Nobody acts for both sides of a contract. A new contract locks its parties, a new member the person and the party, so
# of two that are made at once the second sees the first.
TWO_SIDES = """
    PERFORM FROM parties_party WHERE id IN (NEW.client_id, NEW.freelancer_id) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM parties_membership one JOIN parties_membership other USING (person_id)
        WHERE one.party_id = NEW.client_id AND other.party_id = NEW.freelancer_id
    ) THEN
        RAISE EXCEPTION 'Somebody would act for both sides of contract %.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
ONE_SIDE = """
    PERFORM FROM accounts_user WHERE id = NEW.person_id FOR NO KEY UPDATE;
    PERFORM FROM parties_party WHERE id = NEW.party_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM contracts_contract contract JOIN parties_membership own ON own.person_id = NEW.person_id
        WHERE (contract.client_id = NEW.party_id AND contract.freelancer_id = own.party_id)
        OR (contract.freelancer_id = NEW.party_id AND contract.client_id = own.party_id)
    ) THEN
        RAISE EXCEPTION 'Person % would act for both sides of a contract.', NEW.person_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def matching(words: str) -> Q:
    """The contracts with each of these words in the title or in a party's name."""
    places = [f"{side}__{name}" for side in ("client", "freelancer") for name in ("person__display_name", "name")]
    found = [reduce(or_, (holds(place, word) for place in ("title", *places))) for word in words.split()[:MOST_WORDS]]
    return reduce(and_, found, Q())


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: User) -> "ContractQuerySet":
        """The contracts on which this person acts for a party. Staff use the admin."""
        return self.filter(acts_for(user, "client", "freelancer"))

    def with_parties(self) -> "ContractQuerySet":
        return self.select_related("client__person", "freelancer__person")

    def in_state(self, state: str) -> "ContractQuerySet":
        return self.filter(state=state)

    def lock(self, pk: int) -> "Contract":
        """The contract, locked until the transaction ends: each verb that touches the plan takes this lock first."""
        return self.select_for_update(of=("self",), no_key=True).with_parties().get(pk=pk)


@pghistory.track(
    model_name="ContractHistory", obj_field=pghistory.ObjForeignKey(related_name="history"), append_only=True
)
class Contract(models.Model):
    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("contract", "Open")
        ENDED = "ended", pgettext_lazy("contract", "Ended")

    title = models.CharField(_("title"), max_length=200)
    client = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="contracts_as_client", limit_choices_to=WHO_CAN_SIGN_IN
    )
    freelancer = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="contracts_as_freelancer", limit_choices_to=WHO_CAN_SIGN_IN
    )
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Days begin and end in this zone, for example Europe/Berlin."),
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE, editable=False)
    plan_revision = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contracts_contract_two_parties",
                condition=~Q(client=F("freelancer")),
                violation_error_message=_("Client and freelancer must be two different people or organisations."),
            ),
            models.CheckConstraint(
                name="contracts_contract_state_and_time_agree",
                condition=Q(state="active", ended_at=None) | Q(state="ended", ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="two_sides",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("client_id", "freelancer_id"),  # type: ignore[no-untyped-call]
                func=TWO_SIDES,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contracts:detail", args=[self.pk])

    @property
    def thread(self) -> str:
        """By this, what people are told of it stands together, and is one thread in their mail."""
        return f"contract-{self.pk}"

    def has_page(self, url: str) -> bool:
        """Whether this is an address below the contract's own. Dots, also encoded ones, could lead out of it again."""
        return url.startswith(self.get_absolute_url()) and _PLAIN.fullmatch(url) is not None

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    def is_client(self, user: Actor, verb: str = SEE) -> bool:
        return may_act(user, self.client, verb)

    def is_freelancer(self, user: Actor, verb: str = SEE) -> bool:
        return may_act(user, self.freelancer, verb)

    def is_party(self, user: Actor, verb: str = SEE) -> bool:
        return self.is_client(user, verb) or self.is_freelancer(user, verb)

    def side_of(self, user: Actor) -> Party | None:
        """The party for which this person acts here; None for outsiders, staff and the site."""
        if self.is_client(user):
            return self.client
        return self.freelancer if self.is_freelancer(user) else None

    def other_side(self, party: Party) -> Party:
        return self.freelancer if party == self.client else self.client

    def other_party(self, user: User) -> Party:
        """The one that this person deals with."""
        return self.freelancer if self.is_client(user) else self.client

    @property
    def zone_name(self) -> str:
        return time_zones.name_of(self.time_zone)

    def end(self) -> None:
        """Close it for new plans and work, in memory."""
        self.state, self.ended_at = self.State.ENDED, timezone.now()

    def name_of(self, who: Party | Actor, *, once: str = "") -> str:
        """How the interface speaks of a party here, where two may share a name; `once` is its name of then.

        It may stand in a sentence. Of a person who acts for an organisation, it says the whole name.
        """
        if isinstance(who, Site):
            return str(who)
        party = who if isinstance(who, Party) else self._own_party_of(who)
        name = once or str(who)
        if party is None:
            return isolated(name)
        other = str(self.other_side(party))
        if names.line(name) != names.line(other):
            return isolated(name if party.is_organisation else names.apart(name, other))
        role = _("%(name)s (client)") if party == self.client else _("%(name)s (freelancer)")
        return str(role) % {"name": isolated(name)}

    def _own_party_of(self, person: User) -> Party | None:
        """Where the person is a side of this contract by themselves."""
        return next((party for party in (self.client, self.freelancer) if party.person_id == person.pk), None)

    def people(self) -> list[User]:
        """All who are told of what happens here."""
        return [*self.client.people(), *self.freelancer.people()]

    def today(self) -> datetime.date:
        """The date in the contract's zone: a due date ends with its day there."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


class Member(Membership):
    """Holds the trigger that keeps new members from both sides of one contract; nothing else uses this name."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [pgtrigger.Trigger(name="one_side", when=pgtrigger.After, operation=pgtrigger.Insert, func=ONE_SIDE)]


class Event(models.Model):
    """One thing that happened: who, what, when, and the facts of that moment. Never changed, never deleted."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events", db_index=False)
    verb = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_rule = rule_column()
    by_name = models.CharField(max_length=254, blank=True, editable=False)  # as it was at that moment
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    """For whom the person acted; nobody's, when staff did."""
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    plan_revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["contract", "-id"], name="contracts_event_newest")]
        constraints = [models.CheckConstraint(name="contracts_event_one_acted", condition=one_acted())]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class Receipt(models.Model):
    """A form that has been acted on. Its key was made when the form was rendered, so a second POST acts no more."""

    key = models.UUIDField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    by_rule = rule_column()
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "by_rule", "key"], nulls_distinct=False, name="contracts_receipt_once"
            ),
            models.CheckConstraint(name="contracts_receipt_one_acted", condition=one_acted()),
        ]

    def __str__(self) -> str:
        return str(self.key)
