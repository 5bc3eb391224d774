"""Nobody acts for both sides of one contract."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from contracts import actions as contracts
from contracts.models import Contract
from parties import actions
from parties.models import Membership, Party
from tests.factories import ContractFactory, UserFactory, organisation
from web.refusals import Invalid, WrongMoment


def start(client: Party, freelancer: Party, by) -> Contract:
    return contracts.start(title="Pump", client=client, freelancer=freelancer, currency="USD", time_zone="UTC", by=by)


def test_a_contract_is_between_two_that_have_nobody_in_common(studio, pumps, nora, staff):
    pumps.memberships.create(person=nora)

    with pytest.raises(Invalid, match="Nora would act for both sides"):
        start(pumps, studio, staff)
    assert not Contract.objects.exists()


def test_nobody_hires_their_own_organisation(studio, mara, staff):
    with pytest.raises(Invalid, match="Mara would act for both sides"):
        start(mara.party, studio, staff)


def test_nobody_joins_the_other_side(contract, pumps, studio, nora, bill, staff):
    for party, person in ((pumps, nora), (studio, bill)):
        with pytest.raises(WrongMoment, match="is on the other side of the contract “Pump housing”"):
            actions.join(party, person, by=staff)


def test_the_database_refuses_it_too(contract, pumps, studio, nora, mara):
    with pytest.raises(IntegrityError, match="both sides"), transaction.atomic():
        Membership.objects.create(party=pumps, person=nora)
    with pytest.raises(IntegrityError, match="both sides"), transaction.atomic():
        ContractFactory(client=mara.party, freelancer=studio)
    with pytest.raises(IntegrityError, match="both sides"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(client=mara.party)


def while_open(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What the second act came to, begun on a connection of its own before the first was committed."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(second())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        while other.is_alive() and not somebody_waits():
            other.join(timeout=0.05)
    other.join(timeout=120)
    assert not other.is_alive()
    return outcome[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


class Meeting:
    """Two organisations that have no contract yet, and somebody who belongs to the first."""

    def __init__(self) -> None:
        self.staff = UserFactory(is_staff=True)
        self.both = UserFactory(display_name="Nora Berg")
        self.studio = organisation("Studio", UserFactory(), self.both)
        self.pumps = organisation("Pumps", UserFactory())

    def hire(self) -> object:
        return start(self.pumps, self.studio, self.staff)

    def join(self) -> object:
        return actions.join(self.pumps, self.both, by=self.staff)

    def hire_without_asking(self) -> object:
        return Contract.objects.create(title="Pump", client=self.pumps, freelancer=self.studio, currency="USD")

    def join_without_asking(self) -> object:
        return Membership.objects.create(party=self.pumps, person=self.both)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        ("hire", "join", WrongMoment),
        ("join", "hire", Invalid),
        ("hire_without_asking", "join_without_asking", IntegrityError),
        ("join_without_asking", "hire_without_asking", IntegrityError),
        ("hire_without_asking", "join", WrongMoment),
        ("join_without_asking", "hire", Invalid),
    ],
)
def test_of_two_at_once_the_second_is_refused(first, second, refusal):
    meeting = Meeting()

    outcome = while_open(getattr(meeting, first), getattr(meeting, second))

    assert type(outcome) is refusal
    assert Contract.objects.count() + Membership.objects.filter(party=meeting.pumps, person=meeting.both).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_cannot_join_both_sides_at_once():
    meeting, person = Meeting(), UserFactory()
    meeting.hire()

    outcome = while_open(
        lambda: actions.join(meeting.pumps, person, by=meeting.staff),
        lambda: actions.join(meeting.studio, person, by=meeting.staff),
    )

    assert type(outcome) is WrongMoment
    assert person.memberships.count() == 2  # their own, and one
