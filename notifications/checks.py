"""`manage.py check --deploy`: what would otherwise show only when the first mail cannot be sent."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.mail import get_connection


@register("mail", deploy=True)
def mail_can_be_sent(**_options: Any) -> list[Error]:
    return [
        Error(sentence, id=number)
        for number, sentence in (
            ("notifications.E001", _problem_of_server()),
            ("notifications.E002", _problem_of_sender()),
        )
        if sentence
    ]


def _problem_of_server() -> str:
    """Nothing is sent: a provider's client asks for its settings when it is made."""
    try:
        get_connection(settings.MAIL_TRANSPORT)
    except Exception as error:
        return f"EMAIL_URL: mail cannot be sent so. {error}"
    return ""


def _problem_of_sender() -> str:
    if "@" in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        return ""
    return "DEFAULT_FROM_EMAIL holds no address, like: Tranche <post@example.com>"
