import re

import pytest
from allauth.account.models import EmailAddress
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from accounts.models import User
from config.urls import urlpatterns as site
from demo import people

urlpatterns = [*site, path("", include("demo.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def in_the_demo(settings):
    settings.DEMO = True


def signed_in(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def sign_in(client: Client, role: str, **data: str):
    return client.post(reverse("demo:sign_in", args=[role]), data)


@pytest.mark.parametrize(
    ("role", "email", "home"),
    [
        ("freelancer", "mara@demo.example", "/contracts/"),
        ("client", "ben@demo.example", "/contracts/"),
        ("staff", "sam@demo.example", "/admin/"),
    ],
)
def test_sign_in_takes_one_click(client, role, email, home):
    assert sign_in(client, role).url == home
    assert signed_in(client) == email
    assert client.get("/settings/").status_code == 200


def test_sign_in_changes_from_one_person_to_another(client):
    sign_in(client, "client")
    sign_in(client, "freelancer")

    assert signed_in(client) == "mara@demo.example"


def test_sign_in_makes_each_person_once(client):
    sign_in(client, "client")
    sign_in(client, "client")

    person = User.objects.get()
    assert (person.display_name, person.has_usable_password()) == ("Ben Hart", False)
    assert EmailAddress.objects.get().verified


def test_sign_in_as_a_party_gives_no_rights(client):
    for role in ("freelancer", "client"):
        sign_in(client, role)

    assert not User.objects.filter(is_staff=True).exists()


def test_sign_in_goes_on_to_where_one_wanted(client):
    assert sign_in(client, "client", next="/money/").url == "/money/"
    assert sign_in(client, "client", next="https://evil.example/").url == "/contracts/"


def test_sign_in_needs_a_post(client):
    assert client.get(reverse("demo:sign_in", args=["client"])).status_code == 405
    assert signed_in(client) is None


def test_sign_in_needs_the_forms_token():
    client = Client(enforce_csrf_checks=True)

    assert sign_in(client, "client").status_code == 403
    assert signed_in(client) is None


def test_sign_in_knows_only_the_three(client):
    assert sign_in(client, "admin").status_code == 404


def test_sign_in_is_not_there_outside_the_demo(client, settings):
    settings.DEMO = False

    assert sign_in(client, "staff").status_code == 404
    assert not User.objects.exists()


def test_buttons_are_those_of_the_people():
    request = RequestFactory().get("/accounts/login/", {"next": '/money/?a="b"'})
    html = render_to_string("demo/_people.html", request=request)

    assert re.findall(r'formaction="([^"]+)"', html) == [
        reverse("demo:sign_in", args=[role]) for role in people.BY_ROLE
    ]
    assert [person.display_name.split()[0] in html for person in people.BY_ROLE.values()] == [True] * 3
    assert 'value="/money/?a=&quot;b&quot;"' in html
