import pytest

URL = "/settings/short-cuts/"


@pytest.mark.parametrize("choice", ["on", "off"])
def test_single_keys_are_on_or_off_in_this_browser(ben, as_, choice):
    client = as_(ben)
    client.post(URL, {"short_cuts": choice})

    assert client.cookies["short_cuts"].value == choice
    assert ("<short-cuts single>" in client.get("/settings/").text) == (choice == "on")


def test_single_keys_are_on_until_turned_off(ben, as_):
    assert "<short-cuts single>" in as_(ben).get("/settings/").text


@pytest.mark.parametrize("choice", ["", "maybe"])
def test_nothing_else_is_kept(ben, as_, choice):
    client = as_(ben)

    assert client.post(URL, {"short_cuts": choice}).status_code == 422
    assert "short_cuts" not in client.cookies


def test_it_leads_back_to_this_site(ben, as_):
    client = as_(ben)

    assert client.post(URL, {"short_cuts": "off", "next": "/money/"})["Location"] == "/money/"
    assert client.post(URL, {"short_cuts": "off", "next": "//evil.example/"})["Location"] == "/"
