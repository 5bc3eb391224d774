"""What a mail says: what happened, whose turn it is, one button, and how to get fewer of them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.addressing import addressed
from accounts.models import User
from notifications.kinds import Kind
from notifications.models import Email, Notification
from notifications.models.email import DAILY, SUBJECT_LENGTH, cut

BUTTONS = {
    Kind.ANSWER: gettext_lazy("Review and answer"),
    Kind.DECISION: gettext_lazy("See the answers"),
    Kind.PLAN: gettext_lazy("See what changed"),
    Kind.MONEY: gettext_lazy("See what moved"),
    Kind.WORK: gettext_lazy("See what to change"),
    Kind.MESSAGE: gettext_lazy("Read and reply"),
    DAILY: gettext_lazy("See all notifications"),
}
_TOKENS = "notifications.unsubscribe"


@dataclass(frozen=True)
class Line:
    """One thing; its time stands where there can be several, its turn and its page where there are several sorts."""

    text: str
    at: datetime.datetime | None = None
    turn: str = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Things of one sort; only in the daily mail have they a title."""

    title: str
    lines: Sequence[Line]


def letter(email: Email) -> EmailMessage:
    """As it was written elsewhere."""
    return EmailMessage(
        email.subject,
        email.text,
        to=[email.to],
        reply_to=[email.reply_to] if email.reply_to else None,
        headers={"Message-ID": email.message_id, "Auto-Submitted": "auto-generated"},
    )


def compose(email: Email, person: User, told: Sequence[Notification]) -> EmailMultiAlternatives:
    """The mail in text and HTML, in language and time zone of who gets it. `told` is not empty, oldest first."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        page = _content(email, person, told)
        text = render_to_string("notifications/mail/mail.txt", page)
        html = render_to_string("notifications/mail/mail.html", page)
        letter = EmailMultiAlternatives(
            page["subject"],
            text,
            to=[addressed(str(person), person.email)],
            headers=_headers(email, told, page["stop_url"]),
        )
    letter.attach_alternative(html, "text/html")
    return letter


def _headers(email: Email, told: Sequence[Notification], stop_url: str) -> dict[str, str]:
    return {
        **_thread(email, told[-1].about),
        "Message-ID": email.message_id,
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _thread(email: Email, about: str) -> dict[str, str]:
    """All mails of a contract follow one that nobody ever got, so mail programs show them as one thread."""
    if email.kind == DAILY or not about:
        return {}
    root = f"<{about}@{email.message_host}>"
    return {"In-Reply-To": root, "References": root}


def _content(email: Email, person: User, told: Sequence[Notification]) -> dict[str, Any]:
    newest, subject = told[-1], _subject(email, told)
    is_daily = email.kind == DAILY
    return {
        "language": person.language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "subject": subject,
        "groups": _daily_groups(told) if is_daily else [Group("", _lines(email, told))],
        "turn": _turn_of_day(told) if is_daily else newest.turn,
        "button": BUTTONS[email.kind],
        "button_url": settings.SITE_ORIGIN + reverse("notifications:list") if is_daily else _url(newest),
        "why": _why(email),
        "stop": _("Get these once a day") if email.kind == Kind.ANSWER else _("Stop these mails"),
        "stop_url": unsubscribe_url(person, email.kind),
        "choose_url": settings.SITE_ORIGIN + reverse("notifications:preferences"),
    }


def _subject(email: Email, told: Sequence[Notification]) -> str:
    """The fact itself. A subject is one line, whatever people have typed."""
    if email.kind == DAILY:
        waiting = len(_waiting(told))
        facts = {"count": len(told), "waiting": waiting}
        subject = ngettext("%(count)d update", "%(count)d updates", len(told)) % facts
        if waiting:
            waits = (
                ngettext("%(waiting)d thing waits for your answer", "%(waiting)d things wait for your answer", waiting)
                % facts
            )
            subject = f"{waits}, {subject}" if waiting < len(told) else waits
    else:
        subject = told[-1].subject
    if email.kind == Kind.MESSAGE and len(told) > 1:
        more = len(told) - 1
        subject = ngettext("%(subject)s and %(more)d more", "%(subject)s and %(more)d more", more) % {
            "subject": subject,
            "more": more,
        }
    return cut(" ".join(subject.split()), SUBJECT_LENGTH)


def _why(email: Email) -> str:
    if email.kind == DAILY:
        return _("You get this mail once a day, when there is something new.")
    return _("You get mail about this: %(what)s.") % {"what": email.get_kind_display().lower()}


def _waiting(told: Sequence[Notification]) -> list[Notification]:
    return [each for each in told if each.kind == Kind.ANSWER]


def _lines(email: Email, told: Sequence[Notification]) -> list[Line]:
    if email.kind == Kind.MESSAGE:
        return [Line(each.text, each.created_at) for each in told]
    return [Line(beyond) for each in told if (beyond := _beyond_subject(each))]


def _beyond_subject(each: Notification) -> str:
    """The subject is the mail's heading, so its text goes on after the fact: mostly with what somebody wrote."""
    fact = commonprefix((each.text, each.subject))  # noqa: RUF071, these are words
    rest, title = each.text.removeprefix(fact), each.subject.removeprefix(fact)
    if rest.startswith(".") and title.startswith(" ("):
        return rest.removeprefix(".").strip()
    return each.text if rest else ""


def _daily_groups(told: Sequence[Notification]) -> list[Group]:
    """Each thing in one line that names its contract, as the subject of its own mail would."""
    waiting = _waiting(told)
    others = [each for each in told if each not in waiting]
    groups = [(_("Waits for your answer"), waiting), (_("Good to know"), others)]
    return [
        Group(title, [Line(each.subject, each.created_at, each.turn, _url(each)) for each in rows])
        for title, rows in groups
        if rows
    ]


def _url(each: Notification) -> str:
    return settings.SITE_ORIGIN + reverse("notifications:open", args=[each.pk])


def _turn_of_day(told: Sequence[Notification]) -> str:
    waiting = len(_waiting(told))
    if not waiting:
        return _("Nothing here waits for your answer.")
    text = ngettext(
        "Your turn: %(count)d of these waits for your answer.",
        "Your turn: %(count)d of these wait for your answer.",
        waiting,
    )
    return text % {"count": waiting}


# --- Fewer of them ----------------------------------------------------------------------------------------------------
def unsubscribe_url(person: User, kind: str) -> str:
    """Works without a sign-in and does not expire: old mails are stopped too. It can do nothing else."""
    token = signing.dumps([person.pk, kind], salt=_TOKENS)
    return settings.SITE_ORIGIN + reverse("notifications:unsubscribe", args=[token])


def read_token(token: str) -> tuple[int, str]:
    """Whose mail and of which kind. Errors: signing.BadSignature."""
    person_id, kind = signing.loads(token, salt=_TOKENS)
    return person_id, kind
