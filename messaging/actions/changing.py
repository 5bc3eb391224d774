"""For a few minutes an author can change or delete what they wrote. The database keeps what it said before."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import live
from accounts.models import User
from contracts.models import Contract
from messaging import permissions as may
from messaging.actions.posting import checked, told
from messaging.models import Message
from notifications import actions as notifications
from text.shown import Shown
from web.refusals import NotYours, WrongMoment


@transaction.atomic
def edit(message: Message, *, by: User, text: str) -> Message:
    """Errors: NotYours, WrongMoment (too late, or deleted), Invalid for an empty or too long text."""
    message = changeable(message, by=by, lock=True)
    text = checked(text, may_be_empty=message.attachments.exists())
    if text != message.text:
        message.text, message.edited_at = text, timezone.now()
        message.save(update_fields=["text", "edited_at"])
        transaction.on_commit(Shown([text]).keep, robust=True)
        if message.notice:
            notifications.reword(message.notice, **told(message))
        live.announce(message.contract, live.Kind.CHAT)
    return message


@transaction.atomic
def delete(message: Message, *, by: User) -> Message:
    """The parties then see only that there was a message; staff still read it. Errors: NotYours, WrongMoment."""
    message = changeable(message, by=by, lock=True)
    message.text, message.deleted_at = "", timezone.now()
    message.save(update_fields=["text", "deleted_at"])
    if message.notice:
        notifications.take_back(message.notice, **told(message))
    live.announce(message.contract, live.Kind.CHAT)
    return message


def changeable(message: Message, *, by: User, lock: bool = False) -> Message:
    """The message as it is now, if this person may change it now. Errors: NotYours, WrongMoment.

    Locks are taken in one order: the contract, then the message. So changes too come one after the other in a chat.
    """
    if not may.is_author(message, by):
        raise NotYours(_("Only its author can change a message."))
    if lock:
        Contract.objects.lock(message.contract_id)
        locked = Message.objects.select_for_update(of=("self",), no_key=True)
        message = locked.select_related("author", "contract", "notice").get(pk=message.pk)
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
