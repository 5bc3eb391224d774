"""Nobody acts as staff on what concerns themselves: a contract of theirs, their deposit, their mail."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from calendars.actions import make_feed
from contracts import actions as contracts
from escrow import actions as escrow
from help import actions as help_actions
from notifications import actions as notifications
from notifications.kinds import Kind
from notifications.models import Email
from staff.records import Record
from tests.factories import ContractFactory, State, milestone_at
from tests.milestones.snapshots import nothing_changes
from web.refusals import NotYours

pytestmark = pytest.mark.django_db


def deposit_of(person: User, amount: str) -> Model:
    return escrow.request_deposit(
        person.party, amount=Decimal(amount), currency="USD", gateway="manual", key="form", by=person
    )


def failed_mail_of(person: User) -> Model:
    notifications.notify(person, kind=Kind.MONEY, text="Paid", url="/money/")
    email = Email.objects.get()
    email.settle(Email.State.FAILED, reason="gone", subject="")
    return email


def enquiry_of(person: User) -> Model:
    asked = {"kind": "quote", "name": "Sam", "email": person.email, "message": "Forty drawings"}
    return help_actions.ask(**asked, key=uuid.uuid4(), by=person)


# Each act of the admin, with a row that concerns this member of staff.
OWN: dict[tuple[str, str], Callable[[User], Model]] = {
    ("escrow.deposit", "vouch"): lambda sam: deposit_of(sam, "20000.00"),
    ("escrow.deposit", "confirm"): lambda sam: deposit_of(sam, "20.00"),
    ("escrow.deposit", "cancel"): lambda sam: deposit_of(sam, "20.00"),
    ("milestones.milestone", "refund"): lambda sam: milestone_at(State.FUNDED, ContractFactory(freelancer=sam)),
    ("contracts.contract", "end"): lambda sam: ContractFactory(client=sam),
    ("notifications.email", "send-again"): failed_mail_of,
    ("help.enquiry", "answer"): enquiry_of,
    ("help.enquiry", "mark-answered"): enquiry_of,
    ("calendars.calendarfeed", "stop"): make_feed,
}
OF_NOBODY = {("notifications.job", "run-again"), ("notifications.duty", "do-now")}


def test_table_names_each_act_of_the_admin():
    acts = {
        (model._meta.label_lower, act.verb)
        for model, page in admin.site._registry.items()
        if isinstance(page, Record)
        for act in page.acts
    }

    assert acts == OWN.keys() | OF_NOBODY


@pytest.mark.parametrize(("model", "verb"), OWN)
def test_act_on_an_own_matter_is_for_somebody_else(staff, as_, model, verb):
    row, client = OWN[model, verb](staff), as_(staff)
    page = f"admin:{model.replace('.', '_')}_"
    form = {"reason": "Because I can", "key": str(uuid.uuid4()), "seen": 0}

    with nothing_changes():
        offered = client.get(reverse(f"{page}change", args=[row.pk])).context["acts"]
        asked = client.get(reverse(page + verb, args=[row.pk]))
        done = client.post(reverse(page + verb, args=[row.pk]), form)

    assert offered == []
    assert (asked.status_code, done.status_code) == (403, 403)
    assert "This concerns you, so somebody else on the staff has to do it." in done.text
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_nobody_starts_a_contract_of_their_own(staff, ben, side):
    parties = {"client": ben.party, "freelancer": ben.party} | {side: staff.party}

    with pytest.raises(NotYours):
        contracts.start(title="Mine", currency="USD", time_zone="UTC", by=staff, **parties)
