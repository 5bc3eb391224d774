"""Mails that no act of a contract tells: they are queued in the request and sent by the worker, as all others are."""

import datetime
import re
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from demo.data.clock import standing_at
from help.models import Enquiry
from notifications import sending
from notifications.models import Email
from tests import site
from tests.accounts.test_sign_up import NEWCOMER
from tests.notifications import smtp
from tests.notifications.conftest import alarms


@pytest.fixture
def sink(settings):
    with smtp.running(settings) as sink:
        yield sink


@pytest.fixture
def deliver():
    """The worker does what is due so many minutes later."""

    def deliver(minutes: int = 0) -> None:
        with standing_at(timezone.now() + datetime.timedelta(minutes=minutes)):
            for email in Email.objects.owed().order_by("pk"):
                sending.deliver(email.pk)

    return deliver


def link(letter) -> str:
    found = re.search(r"http://testserver(/\S+)", letter.get_content())
    assert found
    return found[1]


REQUESTS = {
    "sign-up": ("account_signup", NEWCOMER, "ada@example.com"),
    "sign-up with a known address": ("account_signup", NEWCOMER | {"email": "ben@example.com"}, "ben@example.com"),
    "password": ("account_reset_password", {"email": "ben@example.com"}, "ben@example.com"),
    "password of nobody": ("account_reset_password", {"email": "no@example.com"}, "no@example.com"),
    "contact": (
        "help:contact",
        {"kind": "quote", "name": "Ada", "email": "ada@example.com", "message": "Forty drawings"},
        "desk@tranche.example",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_no_mail_leaves_inside_a_request(ben, client, sink, deliver, settings, name):
    settings.SUPPORT_EMAIL = "desk@tranche.example"
    page, form, to = REQUESTS[name]
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    sink.thinks.clear()  # a request that spoke to the server would never end

    response = client.post(reverse(page), form | ({"key": str(uuid.uuid4())} if name == "contact" else {}))

    assert (response.status_code, sink.dialogues) == (302, 0)
    assert list(Email.objects.values_list("state", "to")) == [("queued", to)]
    assert alarms() == [(Email.objects.get().pk, None)]
    sink.thinks.set()
    deliver()
    assert [letter["To"] for letter in sink.letters] == [to]


def test_production_queues_whatever_is_sent():
    code = (
        "import django; django.setup(); from django.core.mail import get_connection as c; print(type(c()).__module__)"
    )

    answer = site.run(["-c", code], site.PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings"})

    assert (answer.stdout.strip(), answer.returncode) == ("notifications.backend", 0)


def test_sign_up_while_the_mail_server_refuses_is_true_and_the_mail_comes_later(db, client, sink, deliver):
    sink.refuse = {"RCPT": "451 try later"}
    page = client.post(reverse("account_signup"), NEWCOMER, follow=True)
    deliver()

    assert page.status_code == 200
    assert "We are sending you a link." in page.text
    assert Email.objects.values_list("state", "attempts").get() == ("queued", 1)

    sink.refuse = {}
    deliver(minutes=2)
    [letter] = sink.letters
    client.post(link(letter))
    assert EmailAddress.objects.get().verified


def test_a_link_leaves_the_outbox_once_it_is_sent_and_staff_never_read_it(ben, client, staff, as_, sink, deliver):
    client.post(reverse("account_reset_password"), {"email": ben.email})
    email = Email.objects.get()
    secret = re.search(r"/key/([^/\s]+)", email.text)[1]
    page = f"/admin/notifications/email/{email.pk}/change/"
    assert secret not in as_(staff).get(page).text
    assert ben.email in as_(staff).get(page).text
    assert email.subject in as_(staff).get("/admin/notifications/email/").text

    deliver()

    [letter] = sink.letters
    assert secret in letter.get_content()
    email.refresh_from_db()
    assert (email.state, email.text, email.subject) == ("sent", "", letter["Subject"])
    assert client.get(link(letter)).status_code == 302


def test_a_letter_that_was_refused_can_be_sent_again_by_staff(ben, client, staff, as_, sink, deliver):
    client.post(reverse("account_reset_password"), {"email": ben.email})
    sink.refuse = {"RCPT": "550 no such mailbox"}
    deliver()
    email = Email.objects.get()
    assert (email.state, email.text > "") == ("failed", True)

    sink.refuse = {}
    again = f"/admin/notifications/email/{email.pk}/send-again/"
    assert "It is tried again now." in as_(staff).get(again).text
    as_(staff).post(again, {"key": uuid.uuid4(), "reason": "Repaired"})
    deliver()

    assert [letter["To"] for letter in sink.letters] == [ben.email]


def test_contact_that_is_rolled_back_sends_nothing(client, sink, db):
    with transaction.atomic():
        client.post(reverse("help:contact"), REQUESTS["contact"][1] | {"key": str(uuid.uuid4())})
        assert Enquiry.objects.count() == Email.objects.count() == 1
        transaction.set_rollback(True)

    assert (Enquiry.objects.count(), Email.objects.count(), alarms()) == (0, 0, [])


def test_answers_go_to_whoever_asked(db, client, sink, deliver):
    client.post(reverse("help:contact"), REQUESTS["contact"][1] | {"key": str(uuid.uuid4())})
    deliver()

    [letter] = sink.letters
    assert letter["Reply-To"] == "Ada <ada@example.com>"
    assert letter["Message-ID"] == Email.objects.get().message_id
    assert letter["From"] == "Tranche <tranche@localhost>"


def test_each_reader_has_a_letter_of_their_own(db, sink, deliver):
    send_mail("Two\nlines", "Hello", None, ["a@example.com", "b@example.com"])
    deliver()

    assert [(letter["To"], letter["Subject"]) for letter in sink.letters] == [
        ("a@example.com", "Two lines"),
        ("b@example.com", "Two lines"),
    ]


@pytest.mark.parametrize(
    "more", [{"bcc": ["c@example.com"]}, {"cc": ["c@example.com"]}, {"attachments": [("a", "b", "text/plain")]}]
)
def test_what_the_outbox_cannot_keep_is_refused_aloud(db, sink, more):
    with pytest.raises(ValueError, match="plain text"):
        EmailMessage("Hello", "Hello", to=["a@example.com"], **more).send()


@pytest.mark.parametrize("facts", [{"kind": "letter"}, {"kind": "money"}, {"kind": "money", "to": "a@example.com"}])
def test_a_row_is_a_letter_or_for_a_person(db, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Email.objects.create(due_at=timezone.now(), **facts)
