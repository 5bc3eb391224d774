"""Organisations and who belongs to them. Staff only, until organisations have pages of their own."""

from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from parties.models import NAME_LENGTH, Membership, Party
from parties.permissions import acts_as_staff, read_again
from web.refusals import NotYours, WrongMoment, require_words


class Joining(Protocol):
    def __call__(self, party: Party, person: User) -> None: ...


JOINING: list[Joining] = []
"""What refuses a new member; the apps above add themselves."""


@transaction.atomic
def found(name: str, *, owner: User, by: User) -> Party:
    """An organisation with its first owner. Errors: NotYours; Invalid without a name or with one that is too long."""
    require_words(name, most=NAME_LENGTH, otherwise=_("Enter a name."))
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, name=name.strip())
    join(party, owner, by=by)
    return party


@transaction.atomic
def join(party: Party, person: User, *, by: User) -> Membership:
    """From now on this person acts for the organisation.

    Errors: NotYours; WrongMoment for who belongs to it already, and for who is on the other side of a contract of its.
    """
    _require_staff(party, person, by=by)
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    Party.objects.lock(party)
    if party.memberships.filter(person=person).exists():
        raise WrongMoment(_("%(name)s belongs to it already.") % {"name": person.get_short_name()})
    for may_refuse in JOINING:
        may_refuse(party, person)
    membership = Membership.objects.create(party=party, person=person)
    read_again(person)
    return membership


@transaction.atomic
def leave(party: Party, person: User, *, by: User) -> None:
    """From now on this person does nothing for the organisation. Errors: NotYours; WrongMoment for the last who can."""
    _require_staff(party, person, by=by)
    Party.objects.lock(party)
    others = party.memberships.exclude(person=person)
    if not party.memberships.filter(person=person).exists():
        raise WrongMoment(_("%(name)s does not belong to it.") % {"name": person.get_short_name()})
    if not others.filter(person__is_active=True).exists():
        raise WrongMoment(_("Somebody has to act for it. Add somebody else first."))
    party.memberships.filter(person=person).delete()
    read_again(person)


def _require_staff(party: Party, person: User, *, by: User) -> None:
    if not party.is_organisation:
        raise NotYours(_("A person stands for themselves alone."))
    if person == by or not acts_as_staff(by, concerning=[party]):
        raise NotYours(_("Only staff can do this, and never for an organisation of their own."))
