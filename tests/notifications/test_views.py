import pytest
from django.urls import reverse

from notifications.actions import notify
from notifications.kinds import Kind
from notifications.views import PAGE

LIST = "/notifications/"


def texts(response):
    return [notification.text for notification in response.context["page_obj"]]


@pytest.fixture
def told(ben, mara):
    """Three people, and something that could leak."""
    notify(mara, text="Ben approved a change", url="/contracts/1/", kind=Kind.PLAN)
    return notify(ben, text="Mara suggests a change", url="/contracts/2/", kind=Kind.PLAN)


def test_inbox_needs_a_sign_in(client):
    assert client.get(LIST).url == f"{reverse('account_login')}?next={LIST}"


def test_inbox_shows_each_person_their_own(told, ben, mara, carol, as_):
    assert texts(as_(ben).get(LIST)) == ["Mara suggests a change"]
    assert texts(as_(mara).get(LIST)) == ["Ben approved a change"]
    assert texts(as_(carol).get(LIST)) == []


def test_inbox_is_newest_first_by_page(ben, as_):
    for number in range(PAGE + 2):
        notify(ben, text=f"{number}", url="/", kind=Kind.PLAN)
    client = as_(ben)

    assert texts(client.get(LIST)) == [f"{number}" for number in range(PAGE + 1, 1, -1)]
    assert texts(client.get(LIST, {"page": 2})) == ["1", "0"]
    assert 'href="?show=all&page=2"' in client.get(LIST).text.replace("&amp;", "&")


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_inbox_takes_any_page_number(told, ben, as_, page):
    assert as_(ben).get(LIST, {"page": page}).status_code == 200


def test_inbox_marks_what_is_unread(told, ben, as_):
    client = as_(ben)
    assert client.get(LIST).text.count("data-unread") == 1

    client.get(f"{LIST}{told.pk}/")
    assert client.get(LIST).text.count("data-unread") == 0


def test_inbox_shows_times_in_the_readers_zone(told, ben, as_):
    type(told).objects.update(created_at="2026-11-20T10:24:00Z")

    page = as_(ben).get(LIST)

    assert ("<h2>Friday 20 November</h2>" in page.text, ">05:24</time>" in page.text) == (True, True)  # New York


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_takes_the_same_queries(ben, as_, rows, django_assert_num_queries):
    for number in range(rows):
        notify(ben, text=f"{number}", url="/", kind=Kind.PLAN)
    client = as_(ben)

    with django_assert_num_queries(7):  # session, person, count, rows, what waits, unread (inbox, chat)
        client.get(LIST)


def test_open_leads_on_and_marks_it_read(told, ben, as_):
    response = as_(ben).get(f"{LIST}{told.pk}/")

    assert response.url == "/contracts/2/"
    told.refresh_from_db()
    assert told.read_at


def test_open_twice_keeps_the_first_time(told, ben, as_):
    client = as_(ben)
    client.get(f"{LIST}{told.pk}/")
    told.refresh_from_db()
    first = told.read_at

    assert client.get(f"{LIST}{told.pk}/").url == "/contracts/2/"
    told.refresh_from_db()
    assert told.read_at == first


@pytest.mark.parametrize("person", ["mara", "carol", "staff"])
def test_open_by_somebody_else_is_not_found(told, as_, request, person):
    response = as_(request.getfixturevalue(person)).get(f"{LIST}{told.pk}/")

    assert response.status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


@pytest.mark.django_db(transaction=True)
def test_marking_read_needs_no_transaction_around_it(told, ben, as_):
    one = notify(ben, text="One more", url="/", kind=Kind.PLAN)

    as_(ben).get(f"{LIST}{one.pk}/")
    assert list(ben.notifications.unread()) == [told]
    as_(ben).post(f"{LIST}read/")
    assert list(ben.notifications.unread()) == []


def test_mark_all_read_is_for_ones_own(told, ben, mara, as_):
    notify(ben, text="One more", url="/", kind=Kind.PLAN)

    assert as_(ben).post(f"{LIST}read/").url.startswith(f"{LIST}?marked=")

    assert ben.notifications.unread().count() == 0
    assert mara.notifications.unread().count() == 1


def test_mark_all_read_needs_a_post(told, ben, as_):
    assert as_(ben).get(f"{LIST}read/").status_code == 405
    assert ben.notifications.unread().count() == 1


def test_unread_is_each_persons_own_number(told, ben, carol, as_):
    assert as_(ben).get(f"{LIST}unread/").text.startswith("1<span")
    chats = '<span class="count" id="unread-messages" hx-swap-oob="true"></span>'
    assert as_(carol).get(f"{LIST}unread/").text.strip() == chats


def test_unread_needs_a_sign_in(client):
    assert client.get(f"{LIST}unread/").status_code == 302
