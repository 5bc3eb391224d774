"""For a few minutes an author can change or delete what they wrote. The database keeps what it said before."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import live
from accounts.models import User
from contracts.acting import holding
from messaging import permissions as may
from messaging.actions.posting import checked, told
from messaging.models import Message
from notifications import actions as notifications
from text.shown import Shown
from web.refusals import NotYours, WrongMoment


def edit(message: Message, *, by: User, text: str) -> Message:
    """Errors: NotYours, WrongMoment (too late, or deleted), Invalid for an empty or too long text."""
    with _changing(message, "edit", by=by) as locked:
        text = checked(text, may_be_empty=locked.attachments.exists())
        if text != locked.text:
            locked.text, locked.edited_at = text, timezone.now()
            locked.save(update_fields=["text", "edited_at"])
            transaction.on_commit(Shown([text]).keep, robust=True)
            for notice in locked.notices.select_related("recipient"):
                notifications.reword(notice, **told(locked, notice.recipient))
            live.announce(locked.contract, live.Kind.CHAT)
        return locked


def delete(message: Message, *, by: User) -> Message:
    """The parties then see only that there was a message; staff still read it. Errors: NotYours, WrongMoment."""
    with _changing(message, "delete", by=by) as locked:
        locked.text, locked.deleted_at = "", timezone.now()
        locked.save(update_fields=["text", "deleted_at"])
        for notice in locked.notices.select_related("recipient"):
            notifications.take_back(notice, **told(locked, notice.recipient))
        live.announce(locked.contract, live.Kind.CHAT)
        return locked


@contextmanager
def _changing(message: Message, verb: str, *, by: User) -> Iterator[Message]:
    """The message as it is now, locked. Errors: as `changeable`.

    Locks are taken in one order: the contract, then the message. So changes too come one after the other in a chat.
    """
    _require_author(message, by=by)
    with holding(message.contract, verb, by=by) as contract:
        rows = Message.objects.select_for_update(of=("self",), no_key=True)
        locked = rows.select_related("author").get(pk=message.pk)
        locked.contract = contract
        yield changeable(locked, by=by)


def changeable(message: Message, *, by: User) -> Message:
    """The message, if this person may change it now. Errors: NotYours, WrongMoment."""
    _require_author(message, by=by)
    if message.deleted_at:
        raise WrongMoment(_("This message was deleted."))
    if not may.is_changeable(message, now=timezone.now()):
        minutes = settings.MESSAGE_CHANGEABLE_MINUTES
        words = ngettext(
            "A message can be changed for %(minutes)d minute after it was sent. Write a new one instead.",
            "A message can be changed for %(minutes)d minutes after it was sent. Write a new one instead.",
            minutes,
        )
        raise WrongMoment(words % {"minutes": minutes})
    return message


def _require_author(message: Message, *, by: User) -> None:
    if not may.is_author(message, by):
        raise NotYours(_("Only the author of a message can change it."))
