import pytest
from django.test import Client

URL = "/settings/theme/"


@pytest.mark.parametrize("choice", ["auto", "light", "dark"])
def test_theme_is_kept_in_a_cookie_for_everybody(client: Client, choice):
    client.post(URL, {"theme": choice})

    cookie = client.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (choice, 31536000, "Lax", True)


@pytest.mark.parametrize("choice", ["", "pink", '"><script>'])
def test_theme_refuses_what_it_does_not_know(client: Client, choice):
    response = client.post(URL, {"theme": choice})

    assert response.status_code == 422
    assert "theme" not in client.cookies


def test_theme_needs_a_post(client: Client):
    assert client.get(URL).status_code == 405


@pytest.mark.parametrize(
    ("asked", "referer", "goes"),
    [
        ("/money/?page=2", "", "/money/?page=2"),
        ("", "http://testserver/settings/", "http://testserver/settings/"),
        ("/money/", "http://testserver/settings/", "/money/"),
        ("", "", "/"),
        ("https://evil.example/", "", "/"),
        ("//evil.example/", "", "/"),
        (r"/\evil.example/", "", "/"),
        ("javascript:alert(1)", "", "/"),
        ("", "https://evil.example/", "/"),
    ],
)
def test_theme_goes_back_and_never_to_another_site(client: Client, asked, referer, goes):
    response = client.post(URL, {"theme": "dark", "next": asked}, headers={"Referer": referer})

    assert response["Location"] == goes
