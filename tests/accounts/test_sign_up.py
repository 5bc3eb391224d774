import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.forms import RULES
from accounts.models import User

PASSWORD = "a long walk by the river"
NEWCOMER = {
    "display_name": "Ada Park",
    "email": "Ada@Example.com",
    "password1": PASSWORD,
    "time_zone": "Asia/Seoul",
}


def sign_up(client: Client, **changes: str):
    return client.post(reverse("account_signup"), NEWCOMER | changes)


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def sign_in_again(client: Client, person: User) -> None:
    """And say once more that it is you, without which nobody gives a new address."""
    person.set_password(PASSWORD)
    person.save()
    sign_in(client, verify(person).email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def link(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def verify(person: User) -> User:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_sign_up_stores_the_person(db, client):
    sign_up(client)

    person = User.objects.get()
    assert (person.display_name, person.email, person.time_zone) == ("Ada Park", "ada@example.com", "Asia/Seoul")
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_sign_up_needs_the_link_in_the_mail(db, client, mailoutbox):
    response = sign_up(client)

    assert response.url == reverse("account_email_verification_sent")
    assert not signed_in(client)
    [mail] = mailoutbox
    assert mail.to == ["ada@example.com"]

    client.get(link(mail))  # a mail scanner opens links too
    assert not EmailAddress.objects.get().verified

    client.post(link(mail))
    assert EmailAddress.objects.get().verified
    assert signed_in(client)


def test_sign_up_link_opened_elsewhere_verifies_and_signs_nobody_in(db, client, mailoutbox):
    sign_up(client)
    elsewhere = Client()

    elsewhere.post(link(mailoutbox[0]))

    assert EmailAddress.objects.get().verified
    assert not signed_in(elsewhere)
    assert sign_in(elsewhere, "ADA@example.com").url == reverse("contracts:list")
    assert signed_in(elsewhere)


def test_sign_in_before_the_link_is_refused(db, client):
    sign_up(client)
    other = Client()

    assert sign_in(other, "ada@example.com").url == reverse("account_email_verification_sent")
    assert not signed_in(other)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "   "),
        ("display_name", "x" * 81),
        ("time_zone", "Mars/Olympus"),
        ("email", "nobody"),
        ("password1", "short"),
        ("password1", "ada@example.com"),
    ],
)
def test_sign_up_refuses(db, client, mailoutbox, field, value):
    response = sign_up(client, **{field: value})

    assert field in response.context["form"].errors
    assert not User.objects.exists()
    assert mailoutbox == []


def test_sign_up_asks_for_the_password_once_and_says_its_rules_in_a_sentence(db, client):
    page = client.get(reverse("account_signup")).text

    assert re.findall(r'<input type="password" name="(\w+)"', page) == ["password1"]
    assert f'<div class="hint" id="id_password1_helptext">{RULES}</div>' in page
    [length] = [rule for rule in get_default_password_validators() if isinstance(rule, MinimumLengthValidator)]
    assert f"At least {length.min_length} characters" in page


def test_sign_up_asks_the_browser_for_its_zone_until_one_was_chosen(db, client):
    assert "<browser-zone>" in client.get(reverse("account_signup")).text

    again = sign_up(client, email="nobody").text
    assert "<browser-zone>" not in again
    assert '<option value="Asia/Seoul" selected>' in again


def test_sign_up_with_a_known_address_looks_the_same_and_tells_its_owner(ben, client, mailoutbox):
    unknown, known = sign_up(client), sign_up(Client(), email="ben@example.com", display_name="Eve")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"], ["ben@example.com"]]
    assert User.objects.get(email="ben@example.com").display_name == ben.display_name


def test_sign_up_hashes_a_password_whether_the_address_is_known_or_not(ben, client, monkeypatch):
    """Hashing takes most of the time of the answer; were one less, its time would tell."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: [hashed.append(1), encode(*given)][1])

    sign_up(client)
    unknown = len(hashed)
    sign_up(Client(), email="ben@example.com")

    assert (unknown, len(hashed) - unknown) == (1, 1)


def test_reset_password_looks_the_same_for_known_and_unknown_addresses(ben, client, mailoutbox):
    url = reverse("account_reset_password")
    known, unknown = client.post(url, {"email": ben.email}), client.post(url, {"email": "no@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [[ben.email], ["no@example.com"]]


def test_reset_password_gives_a_new_one(ben, client, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": ben.email})

    form = client.get(link(mailoutbox[0]))
    client.post(form.url, {"password1": PASSWORD, "password2": PASSWORD})

    ben.refresh_from_db()
    assert ben.check_password(PASSWORD)


def test_sign_in_says_the_same_for_a_wrong_password_and_an_unknown_address(ben, client):
    wrong, unknown = sign_in(client, ben.email, "wrong"), sign_in(client, "no@example.com", "wrong")

    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_sign_in_stops_listening_after_five_wrong_passwords(db, client):
    person = verify(User.objects.create_user("ada@example.com", PASSWORD, display_name="Ada"))

    for _attempt in range(5):
        sign_in(client, person.email, "wrong")
    sign_in(client, person.email)

    assert not signed_in(client)


def test_sign_out_needs_a_post(ben, as_):
    client = as_(ben)

    client.get(reverse("account_logout"))
    assert signed_in(client)

    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_change_email_replaces_the_address_once_it_is_verified(ben, client, mailoutbox):
    sign_in_again(client, ben)

    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    ben.refresh_from_db()
    assert ben.email == "ben@example.com"

    client.post(link(mailoutbox[0]))
    ben.refresh_from_db()
    assert ben.email == "new@example.com"
    assert [address.email for address in EmailAddress.objects.all()] == ["new@example.com"]


def test_change_email_to_somebody_elses_address_changes_nothing(ben, mara, client, mailoutbox):
    sign_in_again(client, ben)

    client.post(reverse("account_email"), {"action_add": "", "email": mara.email})
    client.post(link(mailoutbox[0]))

    ben.refresh_from_db()
    assert ben.email == "ben@example.com"
    assert [address.email for address in EmailAddress.objects.filter(verified=True)] == ["ben@example.com"]
