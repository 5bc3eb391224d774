import pytest
from django.urls import reverse

URL = "/settings/"


def fields(person):
    person.refresh_from_db()
    return person.display_name, person.time_zone


def test_settings_need_a_sign_in(client):
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"


def test_settings_show_what_is_stored(ben, as_):
    page = as_(ben).get(URL)

    assert page.context["form"]["display_name"].value() == ben.display_name
    assert page.context["form"]["time_zone"].value() == ben.time_zone
    for name in ("account_email", "account_change_password", "mfa_index"):
        assert f'href="{reverse(name)}"' in page.text


def test_describe_changes_only_the_person_who_asks(ben, mara, as_):
    before = fields(mara)

    response = as_(ben).post(URL, {"display_name": " Benedict Okafor ", "time_zone": "Asia/Tokyo"})

    assert response.url == URL
    assert fields(ben) == ("Benedict Okafor", "Asia/Tokyo")
    assert fields(mara) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", ""), ("display_name", " "), ("display_name", "x" * 81), ("time_zone", ""), ("time_zone", "CEST")],
)
def test_describe_refuses(ben, as_, field, value):
    before = fields(ben)

    response = as_(ben).post(URL, {"display_name": "Benedict", "time_zone": "Asia/Tokyo"} | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert fields(ben) == before


def test_describe_cannot_make_staff(ben, as_):
    as_(ben).post(URL, {"display_name": "B", "time_zone": "UTC", "is_staff": "on", "email": "x@example.com"})

    ben.refresh_from_db()
    assert (ben.display_name, ben.is_staff, ben.email) == ("B", False, "ben@example.com")


def test_describe_keeps_a_zone_that_the_list_lacks(ben, as_):
    ben.time_zone = "US/Eastern"
    ben.save()

    response = as_(ben).post(URL, {"display_name": "Ben", "time_zone": "US/Eastern"})

    assert response.status_code == 302
    assert fields(ben) == ("Ben", "US/Eastern")


def test_settings_advise_staff_to_use_a_second_factor(staff, ben, as_):
    advice = reverse("mfa_activate_totp")

    assert advice in as_(staff).get(URL).text
    assert advice not in as_(ben).get(URL).text


def test_settings_take_the_same_queries_each_time(ben, as_, django_assert_num_queries):
    client = as_(ben)

    with django_assert_num_queries(5):  # session, person, second factor, unread (inbox, chat)
        client.get(URL)
