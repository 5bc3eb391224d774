"""What people write to the staff: it is kept once, reaches them, and is never lost or mistaken for a robot's."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from help.models import Enquiry

URL = "/help/contact/"
THANKS = "/help/contact/thanks/"
ASKED = {"kind": "quote", "name": "Ada Byron", "email": "ada@example.com", "message": "Forty drawings\nby May"}


@pytest.fixture
def send(client, db, django_capture_on_commit_callbacks):
    """Fill in and send the form as nobody, or as the client that is given."""

    def post(by=client, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return by.post(URL, {**ASKED, "again": "", "key": str(uuid.uuid4()), **fields})

    return post


def test_ask_keeps_what_was_asked(send):
    reply = send()

    assert (reply.status_code, reply.url) == (302, THANKS)
    enquiry = Enquiry.objects.get()
    assert {name: getattr(enquiry, name) for name in ASKED} == ASKED
    assert (enquiry.person, enquiry.answered_at) == (None, None)


def test_thanks_say_that_it_arrived(client, db):
    assert "Your message has arrived." in client.get(THANKS).text


def test_ask_says_who_was_signed_in(send, carol, as_):
    send(as_(carol))

    assert Enquiry.objects.get().person == carol


def test_form_knows_who_is_signed_in(ben, as_):
    form = as_(ben).get(URL).context["form"]

    assert (form["name"].value(), form["email"].value()) == ("Ben Okafor", "ben@example.com")


def test_form_knows_nobody_else(client, db):
    form = client.get(URL).context["form"]

    assert (form["name"].value(), form["email"].value()) == (None, None)


@pytest.mark.parametrize(("asked", "chosen"), [("quote", "quote"), ("contract", "contract")])
def test_form_begins_with_what_the_link_says(client, db, asked, chosen):
    assert client.get(URL, {"kind": asked}).context["form"]["kind"].value() == chosen


def test_form_begins_with_a_question(client, db):
    assert client.get(URL).context["form"]["kind"].value() == "question"


def test_form_stands_on_the_help_page(client, db):
    assert f'action="{URL}"' in client.get("/help/").text


def test_ask_tells_the_staff(send, mailoutbox, settings):
    settings.SUPPORT_EMAIL = "desk@tranche.example"
    send()

    (letter,) = mailoutbox
    assert letter.to == ["desk@tranche.example"]
    assert letter.reply_to == ["Ada Byron <ada@example.com>"]
    assert letter.subject == "Ada Byron asks for a quote"
    assert letter.body.startswith("Forty drawings\nby May\n")
    assert f"/admin/help/enquiry/{Enquiry.objects.get().pk}/change/" in letter.body


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("question", "Question from Ada Byron"), ("contract", "Ada Byron has a problem with a contract")],
)
def test_subject_says_what_it_is_about(send, mailoutbox, kind, subject):
    send(kind=kind)

    assert [letter.subject for letter in mailoutbox] == [subject]


def test_name_cannot_add_headers(send, mailoutbox):
    reply = send(name="Ada\r\nBcc: everybody@example.com")

    assert reply.status_code == 302
    (letter,) = mailoutbox
    assert letter.subject == "Ada Bcc: everybody@example.com asks for a quote"
    assert letter.recipients() == letter.to
    assert "\nBcc:" not in str(letter.message())


def test_staff_are_told_of_an_address_of_another_script(send, mailoutbox):
    send(email="ada@exämple.com")

    [letter] = mailoutbox
    assert letter.reply_to == ["Ada Byron <ada@xn--exmple-cua.com>"]


def test_ask_sent_twice_asks_once(send, mailoutbox):
    key = str(uuid.uuid4())

    assert [send(key=key).url, send(key=key).url] == [THANKS, THANKS]
    assert Enquiry.objects.count() == len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Enter your name."),
        ({"name": "x" * 81}, "name", "Ensure this value has at most 80 characters (it has 81)."),
        ({"email": ""}, "email", "Enter your e-mail address."),
        ({"email": "ada@"}, "email", "Enter an address like ben@example.com."),
        ({"email": "ada@example.com\nBcc: x@example.com"}, "email", "Enter an address like ben@example.com."),
        ({"kind": ""}, "kind", "Choose what it is about."),
        ({"kind": "complaint"}, "kind", "Choose what it is about."),
        ({"message": " \n"}, "message", "Write a message."),
        ({"message": "x" * 5001}, "message", "Message must be 5000 characters or fewer."),
        ({"message": "a\0b"}, "message", "Null characters are not allowed."),
        ({"key": "1"}, "key", "Load the page again and send the form once more."),
    ],
)
def test_ask_refuses_and_keeps_what_was_typed(send, mailoutbox, changes, field, sentence):
    reply = send(**changes)

    assert reply.status_code == 422
    form = reply.context["form"]
    assert form.errors == {field: [sentence]}
    assert {name: form[name].value() for name in ASKED} == {**ASKED, **{k: v for k, v in changes.items() if k in ASKED}}
    assert "<title>Error: Write to us" in reply.text
    assert not Enquiry.objects.exists()
    assert mailoutbox == []


def test_robot_is_asked_to_send_it_again_and_a_person_can(send):
    reply = send(again="https://spam.example")

    assert reply.status_code == 422
    assert "Send it once more." in reply.text
    assert not Enquiry.objects.exists()
    form = reply.context["form"]
    assert send(**{name: form[name].value() for name in (*ASKED, "again", "key")}).url == THANKS
    assert Enquiry.objects.count() == 1


def test_sixth_message_in_ten_minutes_waits(send):
    first = [send().status_code for _ in range(5)]
    sixth = send(message="One more")

    assert first == [302] * 5
    assert sixth.status_code == 429
    assert "Wait ten minutes" in sixth.text
    assert sixth.context["form"]["message"].value() == "One more"
    assert Enquiry.objects.count() == 5


def test_another_address_does_not_wait(send, client):
    for _ in range(6):
        send()

    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert send().status_code == 302


def test_form_is_protected_against_other_sites(db):
    assert Client(enforce_csrf_checks=True).post(URL, ASKED).status_code == 403


# --- What the database holds ------------------------------------------------------------------------------------------
@pytest.fixture
def enquiry(send):
    send()
    return Enquiry.objects.get()


@pytest.mark.parametrize(
    "changes",
    [{"message": "Thirty"}, {"email": "eve@example.com"}, {"name": "Eve"}, {"kind": "question"}, {"key": uuid.uuid4()}],
)
def test_what_was_asked_never_changes(enquiry, changes):
    with pytest.raises(ProgrammingError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(**changes)


def test_what_was_asked_is_never_deleted(enquiry):
    with pytest.raises(ProgrammingError), transaction.atomic():
        enquiry.delete()


def test_answer_without_a_person_is_refused(enquiry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(answer="Yes.")
