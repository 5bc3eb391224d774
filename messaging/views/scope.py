"""Who may look: every page of a chat begins with one of these."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import Contract
from messaging.models import Message
from web.http import Request


def contract_of(request: Request, pk: int) -> Contract:
    return get_object_or_404(Contract.objects.visible_to(request.user).with_parties(), pk=pk)


def message_of(request: Request, pk: int, message_pk: int) -> Message:
    contract = contract_of(request, pk)
    message = get_object_or_404(contract.messages.shown(), pk=message_pk)
    message.contract = contract
    return message


def crumbs(contract: Contract, *, to_chat: bool = False) -> list[tuple[str, str]]:
    way = [(reverse("contracts:list"), _("Your contracts")), (contract.get_absolute_url(), contract.title)]
    return [*way, (reverse("messaging:chat", args=[contract.pk]), _("Chat"))] if to_chat else way
