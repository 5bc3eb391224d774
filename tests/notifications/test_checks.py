"""What `manage.py check --deploy` says of mail, before the first one fails."""

from tests import site

POSTMARK = {"EMAIL_URL": "anymail://postmark"}


def problems(**variables: str) -> str:
    answer = site.manage("check", "--deploy", "--fail-level=DEBUG", **site.PRODUCTION | variables)
    assert answer.returncode == 1, answer.stdout
    return answer.stderr


def test_a_provider_with_its_settings_passes():
    variables = site.PRODUCTION | POSTMARK | {"ANYMAIL_POSTMARK_SERVER_TOKEN": "secret"}

    answer = site.manage("check", "--deploy", "--fail-level=DEBUG", **variables)

    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_provider_without_its_settings_is_found():
    found = problems(**POSTMARK)

    assert "(notifications.E001) EMAIL_URL: mail cannot be sent so." in found
    assert "ANYMAIL_POSTMARK_SERVER_TOKEN" in found


def test_a_sender_without_an_address_is_found():
    assert "(notifications.E002) DEFAULT_FROM_EMAIL holds no address" in problems(DEFAULT_FROM_EMAIL="Tranche")


def test_printing_one_mail_too_much_is_found():
    assert "anymail.W002" in problems(
        **POSTMARK, ANYMAIL_POSTMARK_SERVER_TOKEN="secret", ANYMAIL_DEBUG_API_REQUESTS="true"
    )
