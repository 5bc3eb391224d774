"""Who may look: every page of a chat begins with one of these."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import Contract
from contracts.views import contract_of
from messaging.models import Message
from web.http import Request


def message_of(request: Request, pk: int, message_pk: int) -> Message:
    contract = contract_of(request, pk)
    message = get_object_or_404(contract.messages.shown(), pk=message_pk)
    message.contract = contract
    return message


def chat_of(contract: Contract) -> tuple[str, str]:
    """A step of the way back."""
    return reverse("messaging:chat", args=[contract.pk]), _("Chat")
