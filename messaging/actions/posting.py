import datetime
import uuid
from collections.abc import Sequence
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import live
from accounts.models import User
from contracts.acting import holding
from contracts.models import Contract
from files import keeping
from files.looking import Accepted
from messaging.models import Attachment, Message
from messaging.models.message import why_too_long
from notifications import actions as notifications
from notifications.kinds import Kind
from notifications.models import Notification
from text.languages import isolated
from text.shown import Shown
from text.typed import is_blank, lines
from web.refusals import Invalid, NotYours, Refused, Stale

EXCERPT_IN_SUBJECT = TITLE_IN_SUBJECT = 60


class TooFast(Refused):
    """More messages in a minute than anybody writes."""

    status = 429


def post(
    contract: Contract,
    *,
    by: User,
    text: str,
    client_id: uuid.UUID,
    about: str = "",
    url: str = "",
    reply_to: Message | None = None,
    attachments: Sequence[Accepted] = (),
    quietly: bool = False,
) -> Message:
    """Add a message to the contract's chat; the same `client_id` again is the same message.

    The chat stays open whatever waits (R19), and after the contract has ended. `url` is a page of this contract.
    `quietly` when it belongs to an act that tells the other party: it is then not counted as writing fast.
    Errors: NotYours for outsiders (R24), Invalid, TooFast, Stale (this client id was another message); with files,
    TooMuchToday and NoRoom.
    """
    if not contract.is_party(by):
        raise NotYours(_("Only the two sides of this contract can write here."))
    text = checked(text, may_be_empty=bool(attachments))
    message = Message(
        contract=contract, author=by, text=text, about=about, url=url, reply_to=reply_to, client_id=client_id
    )
    _require_valid(message, attachments)
    is_new = not _sent_before(message)
    if is_new and not quietly:
        _require_not_too_fast(by)
    if is_new and attachments:
        _require_room(message, attachments)
    # Files are stored before the contract is locked: nobody waits for a slow disk.
    with keeping.kept(attachments) as places:
        written = _write(message, list(zip(attachments, places, strict=True)), quietly=quietly)
        if written is not message:
            keeping.discard(places)
    return written


def _write(message: Message, files: list[tuple[Accepted, str]], *, quietly: bool) -> Message:
    """The message, or the one that was sent with its client id.

    The contract's lock makes the messages of a chat come in the order of their ids: who asks for what came after one
    that they have seen misses none.
    """
    with holding(message.contract, "post", by=message.author):
        if before := _sent_before(message):
            return before
        if files:
            _require_room(message, [file for file, _place in files])  # others may have filled it meanwhile
        message.sent_at = timezone.now()
        transaction.on_commit(Shown([message.text]).keep, robust=True)
        message.save(force_insert=True)
        if not quietly:
            message.notices.add(*_tell(message))
            live.announce(message.contract, live.Kind.CHAT)
        Attachment.objects.bulk_create(
            Attachment(
                message=message,
                file=place,
                name=file.name,
                content_type=file.kind.content_type,
                size=file.size,
                sha256=file.sha256,
            )
            for file, place in files
        )
        return message


def _tell(message: Message) -> list[Notification]:
    """All who take part in the chat, but the author."""
    notices = []
    for reader in message.contract.people():
        if reader != message.author:
            with translation.override(reader.language):
                turn = _("Your turn, if it asks for something.")
            notice = notifications.notify(
                reader,
                url=chat_of(message.contract),
                kind=Kind.MESSAGE,
                turn=turn,
                about=message.contract.thread,
                title=message.contract.title,
                **told(message, reader),
            )
            notices.append(notice)
    return notices


def chat_of(contract: Contract) -> str:
    return reverse("messaging:chat", args=[contract.pk])


class Told(TypedDict):
    text: str
    subject: str


def told(message: Message, reader: User) -> Told:
    """What a reader's inbox says of it, and the subject of their mail, in their language."""
    with translation.override(reader.language):
        words = {
            "name": message.contract.name_of(message.author),
            "text": isolated(message.text),
            "start": isolated(Truncator(message.text).chars(EXCERPT_IN_SUBJECT)),
            "title": isolated(Truncator(message.contract.title).chars(TITLE_IN_SUBJECT)),
        }
        if message.deleted_at:
            text, subject = _("%(name)s deleted a message."), _("%(name)s deleted a message (%(title)s)")
        elif not message.text:
            text, subject = _("%(name)s sent files."), _("%(name)s sent files (%(title)s)")
        else:
            text, subject = _("%(name)s wrote: %(text)s"), _("%(name)s: %(start)s (%(title)s)")
        return {"text": text % words, "subject": subject % words}


def checked(text: str, *, may_be_empty: bool = False) -> str:
    """The text as it is stored. Errors: Invalid when it is empty or too long."""
    text = lines(text).strip()
    text = "" if is_blank(text) else text
    if not text and not may_be_empty:
        raise Invalid(_("Write a message first."))
    if sentence := why_too_long(text):
        raise Invalid(sentence)
    return text


def _require_valid(message: Message, files: Sequence[Accepted]) -> None:
    if message.url and not message.contract.has_page(message.url):
        raise Invalid(_("A message can only point at something in this contract."))
    if message.reply_to and message.reply_to.contract_id != message.contract_id:
        raise Invalid(_("The message that you reply to is not in this chat."))
    if len(files) > settings.ATTACHMENTS_A_MESSAGE:
        most = settings.ATTACHMENTS_A_MESSAGE
        words = ngettext("Send at most %(most)d file at once.", "Send at most %(most)d files at once.", most)
        raise Invalid(words % {"most": most})


def _require_room(message: Message, files: Sequence[Accepted]) -> None:
    of_contract = Attachment.objects.of_contract(message.contract)
    lately = Attachment.objects.sent_by(message.author, since=timezone.now() - keeping.DAY)
    keeping.require_room(files, in_contract=of_contract.bytes(), by_person=lately.bytes())


def _sent_before(message: Message) -> Message | None:
    """Errors: Stale when the client id came back with other words: the person went back to a page already sent."""
    before = Message.objects.filter(author=message.author, client_id=message.client_id).first()
    if before is None:
        return None
    is_changed = before.edited_at or before.deleted_at
    if before.contract_id != message.contract_id or (before.text != message.text and not is_changed):
        raise Stale(_("The message on that page was sent already. Press Send again to send this one, too."))
    return before


def _require_not_too_fast(by: User) -> None:
    lately = timezone.now() - datetime.timedelta(minutes=1)
    if Message.objects.filter(author=by, sent_at__gt=lately).count() >= settings.MESSAGES_A_MINUTE:
        raise TooFast(_("You have sent many messages in a short time. Wait a minute, then send this one."))
