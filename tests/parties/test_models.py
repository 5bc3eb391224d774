import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from demo import people
from parties import actions
from parties.models import Membership, Party
from parties.permissions import acts_as_staff, may_act
from parties.queries import on_both_sides, people_of
from tests.factories import UserFactory, organisation
from web.refusals import Invalid, NotYours, WrongMoment

pytestmark = pytest.mark.django_db


def by_the_command() -> User:
    call_command("createsuperuser", email="a@example.com", display_name="Ada King", interactive=False, verbosity=0)
    return User.objects.get(email="a@example.com")


WAYS_IN = {
    "code": lambda: User.objects.create_user("a@example.com", display_name="Ada King"),
    "many at once": lambda: User.objects.bulk_create([User(email="a@example.com", display_name="Ada King")])[0],
    "command": by_the_command,
    "demo": lambda: people.settle(people.BEN),
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_everybody_has_a_party_of_their_own_however_they_came(way):
    person = WAYS_IN[way]()

    party = Party.objects.get(person=person)
    assert (party.kind, str(party), people_of(party)) == ("person", str(person), {person.pk})


def test_signing_up_makes_the_party_too(client):
    password = "a long enough pass phrase"
    asked = {"display_name": "Ada King", "email": "a@example.com", "time_zone": "UTC"}
    client.post("/accounts/signup/", {**asked, "password1": password})

    assert [str(party) for party in Party.objects.all()] == ["Ada King"]


def test_its_name_is_the_persons_of_now(ben):
    ben.display_name = "Benjamin Okafor"
    ben.save()

    assert str(Party.objects.get(person=ben)) == "Benjamin Okafor"


def test_a_partys_number_is_nobodys():
    person = UserFactory()

    assert not User.objects.filter(pk=person.party.pk).exists()


def test_people_act_for_their_own_party_and_for_their_organisations(ben, mara, carol):
    studio = organisation("Lindqvist Studio", mara, carol)

    assert [may_act(person, studio) for person in (ben, mara, carol)] == [False, True, True]
    assert [may_act(person, mara.party) for person in (ben, mara, carol)] == [False, True, False]
    assert (studio.people(), mara.party.people()) == ([mara, carol], [mara])
    assert [*on_both_sides(studio, carol.party)] == [carol]


def test_nobody_belongs_to_another_persons_party(ben, mara):
    with pytest.raises(IntegrityError, match="nobody else"), transaction.atomic():
        Membership.objects.create(party=mara.party, person=ben)


def test_nobody_leaves_themselves(mara):
    with pytest.raises(IntegrityError, match="never leaves"), transaction.atomic():
        mara.memberships.all().delete()


def test_what_a_party_is_stays(mara):
    with pytest.raises(DatabaseError), transaction.atomic():
        Party.objects.filter(person=mara).update(kind="organisation", person=None, name="Mara Ltd")


def test_staff_found_an_organisation_and_say_who_belongs_to_it(staff, mara, carol):
    studio = actions.found(" Lindqvist Studio ", owner=mara, by=staff)
    assert not may_act(carol, studio)

    actions.join(studio, carol, by=staff)
    assert (str(studio), may_act(carol, studio)) == ("Lindqvist Studio", True)

    actions.leave(studio, mara, by=staff)
    assert (may_act(mara, studio), people_of(studio)) == (False, {carol.pk})


def test_who_belonged_to_it_stays_known(staff, mara, carol):
    studio = organisation("Lindqvist Studio", mara, carol)

    actions.leave(studio, carol, by=staff)

    events = Membership.pgh_event_model.objects.filter(party=studio, person=carol).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]


def test_somebody_always_acts_for_it(staff, mara):
    with pytest.raises(WrongMoment):
        actions.leave(organisation("Lindqvist Studio", mara), mara, by=staff)


def test_somebody_who_can_sign_in_always_acts_for_it(staff, mara, carol):
    studio = organisation("Lindqvist Studio", mara, carol)
    User.objects.filter(pk=carol.pk).update(is_active=False)

    with pytest.raises(WrongMoment):
        actions.leave(studio, mara, by=staff)


def test_nobody_leaves_what_they_do_not_belong_to(staff, mara, carol, ben):
    with pytest.raises(WrongMoment):
        actions.leave(organisation("Lindqvist Studio", mara, carol), ben, by=staff)


def test_nobody_joins_twice(staff, mara):
    with pytest.raises(WrongMoment):
        actions.join(organisation("Lindqvist Studio", mara), mara, by=staff)


def test_an_organisation_has_a_name(staff, mara):
    with pytest.raises(Invalid):
        actions.found("  ", owner=mara, by=staff)


@pytest.mark.parametrize("act", [actions.join, actions.leave])
def test_members_are_added_and_taken_away_by_staff_who_do_not_belong_to_it(act, staff, mara, carol):
    studio = organisation("Lindqvist Studio", mara)
    of_staff = organisation("Staff and friends", staff, mara)

    for party, person, by in [(studio, carol, mara), (studio, staff, staff), (of_staff, carol, staff)]:
        with pytest.raises(NotYours):
            act(party, person, by=by)
    with pytest.raises(NotYours):
        act(mara.party, mara, by=staff)


def test_nobody_acts_as_staff_on_what_concerns_their_organisation(staff, mara, carol):
    studio = organisation("Lindqvist Studio", mara, staff)

    assert acts_as_staff(staff, concerning=[mara.party, carol.party])
    assert not acts_as_staff(staff, concerning=[studio, carol.party])
    assert not acts_as_staff(mara, concerning=[])
