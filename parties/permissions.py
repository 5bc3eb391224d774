"""Who may act for whom. Nothing else compares people with parties; a test looks for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import pgettext_lazy

from accounts.actors import Site

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User
    from parties.models import Party

SEE = "see"


class Role(models.TextChoices):
    OWNER = "owner", pgettext_lazy("role in an organisation", "Owner")

    def allows(self, verb: str) -> bool:
        """An owner does whatever the party may do. Roles that come later look at the verb."""
        return self is Role.OWNER


def may_act(actor: "Actor", party: "Party", verb: str = SEE) -> bool:
    """Whether this person may do this for that party. The site acts for nobody.

    For oneself without a query; for organisations with one, the first time that it is asked about this person.
    """
    if isinstance(actor, Site):
        return False
    if party.person_id is not None:
        return party.person_id == actor.pk
    return any(Role(role).allows(verb) for role in _roles(actor).get(party.pk, ()))


def acts_as_staff(user: "User", *, concerning: Iterable["Party | None"]) -> bool:
    """Whoever may act for a party to a matter never acts on it as staff, whatever rights they have."""
    return user.is_staff and not any(may_act(user, party) for party in concerning if party)


def _roles(person: "User") -> dict[int, list[str]]:
    models.prefetch_related_objects([person], "memberships")
    roles: dict[int, list[str]] = {}
    for membership in person.memberships.all():
        roles.setdefault(membership.party_id, []).append(membership.role)
    return roles


def read_again(person: "Actor") -> None:
    """What is known of this person's memberships may be of some time ago: the next question asks the database."""
    getattr(person, "_prefetched_objects_cache", {}).pop("memberships", None)
