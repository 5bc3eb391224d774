import uuid

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Invalid, NotYours
from contracts.models import Contract
from messaging.models import TEXT_LENGTH, Message
from notifications import actions as notifications


@transaction.atomic
def post(
    contract: Contract,
    *,
    by: User,
    text: str,
    client_id: uuid.UUID,
    about: str = "",
    url: str = "",
    quietly: bool = False,
) -> Message:
    """Add a message to the contract's chat; the same `client_id` again is the same message.

    The chat stays open whatever waits (R19), and after the contract has ended. `quietly` when the act that it belongs
    to tells the other party. Errors: NotYours for outsiders (R24), Invalid for an empty or too long text.
    """
    if not contract.is_party(by):
        raise NotYours(_("Only the two parties of this contract can write here."))
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Write a message first."))
    if len(text) > TEXT_LENGTH:
        raise Invalid(_("A message can have at most %(most)d characters.") % {"most": TEXT_LENGTH})
    message, is_new = Message.objects.get_or_create(
        author=by, client_id=client_id, defaults={"contract": contract, "text": text, "about": about, "url": url}
    )
    if is_new and not quietly:
        told = _("%(name)s wrote: %(text)s") % {"name": by.get_short_name(), "text": text}
        chat = reverse("messaging:chat", args=[contract.pk])
        notifications.notify(contract.other_party(by), text=told, url=chat)
    return message
