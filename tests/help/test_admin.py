"""Staff find what people ask, and answer it once."""

import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from help import actions
from help.models import Enquiry
from web.refusals import NotYours, WrongMoment

LIST = "/admin/help/enquiry/"


@pytest.fixture
def enquiry(db):
    enquiry = ask()
    mail.outbox.clear()  # what the staff were told of it
    return enquiry


def ask(**changes) -> Enquiry:
    asked = {"kind": "quote", "name": "Ada Byron", "email": "ada@example.com", "message": "Forty drawings\n\nby May"}
    return actions.ask(**{**asked, "key": uuid.uuid4(), "by": None, **changes})


def url(enquiry: Enquiry, page: str) -> str:
    return f"{LIST}{enquiry.pk}/{page}/"


def found(client, **asked) -> list[Enquiry]:
    return list(client.get(LIST, asked).context["cl"].queryset)


def form(reason: str = "About 4,000 dollars.") -> dict[str, str]:
    return {"reason": reason, "key": str(uuid.uuid4())}


def test_list_is_found_by_who_and_what(enquiry, carol, staff, as_):
    hers = ask(name="Carol Reyes", email="c@example.com", message="My contract", kind="contract", by=carol)
    client = as_(staff)

    assert found(client) == [hers, enquiry]
    assert found(client, q="drawings") == [enquiry]
    assert found(client, q="carol@example.com") == [hers]
    assert found(client, kind__exact="quote") == [enquiry]


def test_list_tells_what_waits(enquiry, staff, as_):
    actions.answer(ask(), by=staff, text="Yes.", by_mail=False)
    client = as_(staff)

    assert found(client, answer="waiting") == [enquiry]
    assert enquiry not in found(client, answer="answered")
    assert len(found(client, answer="answered")) == 1


def test_list_takes_the_same_queries_for_one_and_many(enquiry, carol, staff, as_):
    client = as_(staff)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(3):
        ask(by=carol)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(many) == len(one) <= 8


def test_answer_goes_to_the_person_and_is_kept(enquiry, staff, as_):
    client = as_(staff)
    assert "ada@example.com" in client.get(url(enquiry, "answer")).text

    reply = client.post(url(enquiry, "answer"), form())

    assert reply.url == url(enquiry, "change")
    enquiry.refresh_from_db()
    assert (enquiry.answer, enquiry.answered_by) == ("About 4,000 dollars.", staff)
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Answer to your message", ["Ada Byron <ada@example.com>"])
    assert letter.body == "About 4,000 dollars.\n\n> Forty drawings\n>\n> by May\n"
    assert LogEntry.objects.get().change_message == "Answered by e-mail. Reason: About 4,000 dollars."


def test_mark_answered_sends_nothing(enquiry, staff, as_):
    as_(staff).post(url(enquiry, "mark-answered"), form("Called her."))

    enquiry.refresh_from_db()
    assert (enquiry.answer, enquiry.answered_by) == ("Called her.", staff)
    assert mail.outbox == []


def test_answer_needs_words(enquiry, staff, as_):
    assert as_(staff).post(url(enquiry, "answer"), form(" ")).status_code == 422
    assert Enquiry.objects.waiting().get() == enquiry


def test_answer_happens_once(enquiry, staff):
    actions.answer(enquiry, by=staff, text="Yes.", by_mail=True)

    with pytest.raises(WrongMoment):
        actions.answer(enquiry, by=staff, text="No.", by_mail=True)

    enquiry.refresh_from_db()
    assert enquiry.answer == "Yes."
    assert len(mail.outbox) == 1


def test_answer_is_not_offered_twice(enquiry, staff, as_):
    client = as_(staff)
    assert url(enquiry, "answer") in client.get(url(enquiry, "change")).text
    actions.answer(enquiry, by=staff, text="Yes.", by_mail=False)

    page = client.get(url(enquiry, "change")).text
    assert url(enquiry, "answer") not in page
    assert url(enquiry, "mark-answered") not in page


def test_answer_never_changes(enquiry, staff):
    actions.answer(enquiry, by=staff, text="Yes.", by_mail=False)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(answer="No.")


def test_answer_itself_is_for_staff(enquiry, ben):
    with pytest.raises(NotYours):
        actions.answer(enquiry, by=ben, text="Yes.", by_mail=True)

    assert mail.outbox == []


def test_pages_are_for_staff(enquiry, ben, mara, carol, as_):
    for person in (ben, mara, carol):
        for page in (LIST, url(enquiry, "change"), url(enquiry, "answer")):
            assert as_(person).get(page).status_code == 302
        as_(person).post(url(enquiry, "answer"), form())
    assert Enquiry.objects.waiting().get() == enquiry


def test_reading_does_not_allow_to_answer(enquiry, as_):
    reader = User.objects.create_user("reader@example.com", display_name="Rita", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_enquiry"))
    client = as_(reader)

    assert client.get(url(enquiry, "change")).status_code == 200
    assert client.post(url(enquiry, "answer"), form()).status_code == 403


def test_nothing_is_added_or_deleted(enquiry, staff, as_):
    client = as_(staff)

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(url(enquiry, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(url(enquiry, "change"), {"message": "x"}).status_code == 403
