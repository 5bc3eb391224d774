"""Where a person is signed in, and how that ends."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.middleware import STAFF_DAY, STAFF_IDLE
from accounts.sessions import device
from live import visitors
from tests.accounts.test_sign_up import PASSWORD, sign_in, verify

PAGE = "/settings/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"


@pytest.fixture
def ben(ben):
    ben.set_password(PASSWORD)
    ben.save()
    return verify(ben)


def signed_in(person, user_agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": user_agent})
    sign_in(client, person.email)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:settings")).status_code == 200


def test_list_names_each_device(ben):
    signed_in(ben, SAFARI)

    shown = signed_in(ben).get(PAGE).context["sessions"]

    assert [(session.device, session.is_this) for session in shown] == [
        ("Firefox on Linux", True),
        ("Safari on iPhone", False),
    ]


def test_list_knows_the_session_that_asks_however_it_began(ben, as_):
    shown = as_(ben).get(PAGE).context["sessions"]

    assert [session.is_this for session in shown] == [True]


def test_list_is_ones_own(ben, mara, as_):
    signed_in(ben)

    assert len(as_(mara).get(PAGE).context["sessions"]) == 1


def test_one_session_is_ended(ben):
    phone, desk = signed_in(ben, SAFARI), signed_in(ben)
    [other] = [session for session in desk.get(PAGE).context["sessions"] if not session.is_this]

    desk.post(PAGE, {"session": other.pk})

    assert (is_in(phone), is_in(desk)) == (False, True)
    assert len(desk.get(PAGE).context["sessions"]) == 1


@pytest.mark.parametrize("chosen", ["", "x", "9" * 30, "²"])
def test_what_names_no_session_ends_none(ben, chosen):
    client = signed_in(ben)

    assert client.post(PAGE, {"session": chosen}).status_code == 302
    assert is_in(client)


def test_session_of_somebody_else_stays(ben, mara, as_):
    bens = signed_in(ben)

    as_(mara).post(PAGE, {"session": UserSession.objects.get(user=ben).pk})

    assert is_in(bens)


def test_all_others_are_ended_also_those_that_the_list_does_not_know(ben, as_):
    phone, unlisted, desk = signed_in(ben, SAFARI), as_(ben), signed_in(ben)
    assert is_in(unlisted)

    desk.post(PAGE, {"session": "others"})

    assert [is_in(client) for client in (phone, unlisted, desk)] == [False, False, True]
    assert [session.is_this for session in desk.get(PAGE).context["sessions"]] == [True]


def test_oldest_ends_above_the_most(ben, monkeypatch):
    """Each is looked at when its person signs in, so they must not become ever more."""
    monkeypatch.setattr(sessions, "MOST", 2)

    clients = [signed_in(ben) for _number in range(3)]

    assert [is_in(client) for client in clients] == [False, True, True]


def test_stream_ends_with_its_session(ben, as_):
    phone, desk = as_(ben), as_(ben)
    visitor = visitors.admit(phone.session.session_key)
    assert visitors.still_admitted([visitor]) == {visitor}

    desk.post(PAGE, {"session": "others"})

    assert visitors.still_admitted([visitor]) == set()


def test_old_address_of_the_list_leads_to_it(ben, as_):
    assert as_(ben).get(reverse("usersessions_list")).url == PAGE


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5.0", "Another program"),
        ("", "Another program"),
    ],
)
def test_device_is_named_in_words(user_agent, name):
    assert device(user_agent) == name


# --- Staff ------------------------------------------------------------------------------------------------------------
def go_back(client: Client, name: str, seconds: float) -> None:
    """As if the session had noted this so much earlier."""
    session = client.session
    session[name] -= seconds
    session.save()


@pytest.mark.parametrize(("note", "most"), [("staff_seen", STAFF_IDLE), ("staff_begun", STAFF_DAY)])
def test_session_of_staff_ends(staff, as_, note, most):
    client = as_(staff)
    client.get("/admin/")

    go_back(client, note, most.total_seconds() / 2)
    assert client.get("/admin/").status_code == 200

    go_back(client, note, most.total_seconds())
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert "_auth_user_id" not in client.session


def test_session_of_others_goes_on(ben, as_):
    client = as_(ben)

    assert is_in(client)
    assert "staff_seen" not in client.session
