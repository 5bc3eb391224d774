"""The demo's mailbox, and which mail server production is told to use."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from config import mail
from tests import site


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return get_connection("notifications.mailbox.Mailbox")


def letter(key="1@localhost"):
    return EmailMessage("Grüße", "Hello", to=["ben@example.com"], headers={"Message-ID": f"<{key}>"})


def test_each_mail_is_a_file_and_a_line(mailbox, tmp_path, capsys):
    assert mailbox.send_messages([letter("1@localhost"), letter("2@localhost")]) == 2

    files = sorted((tmp_path / "mail").iterdir())
    assert [path.name for path in files] == ["1@localhost.eml", "2@localhost.eml"]
    assert b"To: ben@example.com" in files[0].read_bytes()
    assert capsys.readouterr().out.splitlines()[0] == f"E-mail to ben@example.com: Grüße ({files[0]})"


def test_the_same_mail_again_is_the_same_file(mailbox, tmp_path):
    mailbox.send_messages([letter()])
    mailbox.send_messages([letter()])

    assert len([*(tmp_path / "mail").iterdir()]) == 1


def test_a_message_id_leads_nowhere_else(mailbox, tmp_path):
    mailbox.send_messages([letter("../../evil@localhost")])

    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://relay.example", "relay.example", 25, False, False),
        ("submission://me:secret@mail.example", "mail.example", 587, True, False),
        ("submission://me:secret@mail.example:465?ssl=1", "mail.example", 465, False, True),
    ],
)
def test_a_server_is_named_by_its_address(url, host, port, tls, ssl):
    found = mail.settings(url, {})

    assert "EMAIL_BACKEND" not in found  # which is the outbox
    assert found["MAIL_TRANSPORT"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_TIMEOUT"] == mail.SECONDS


def test_a_provider_is_named_and_has_its_own_variables():
    found = mail.settings("anymail://postmark", {"ANYMAIL_POSTMARK_SERVER_TOKEN": "secret", "HOME": "/root"})

    assert found == {
        "MAIL_TRANSPORT": "anymail.backends.postmark.EmailBackend",
        "ANYMAIL": {"POSTMARK_SERVER_TOKEN": "secret", "REQUESTS_TIMEOUT": mail.SECONDS},
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "console://",
        "smtp+tls://mail.example",
        "mail.example:25",
        "anymail://",
        "anymail://../x",
        "anymail://pigeon",
    ],
)
def test_anything_else_is_refused_before_a_mail_is_lost(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail.settings(url, {})


def test_production_sends_through_what_it_is_given():
    variables = site.PRODUCTION | {"EMAIL_URL": "anymail://mailgun", "ANYMAIL_MAILGUN_API_KEY": "secret"}
    code = (
        "from django.conf import settings; from django.core.mail import get_connection; import django; django.setup(); "
        "sender, queue = get_connection(settings.MAIL_TRANSPORT), get_connection(); "
        "print(type(sender).__module__, sender.api_key, type(queue).__module__)"
    )

    answer = site.run(["-c", code], variables | {"DJANGO_SETTINGS_MODULE": "config.settings"})

    assert answer.stdout.split() == ["anymail.backends.mailgun", "secret", "notifications.backend"]
