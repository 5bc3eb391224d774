"""How each page of a contract begins: who may look, and the way back."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import Contract
from web.http import Request


def contract_of(request: Request, pk: int) -> Contract:
    """With its parties. 404 for whoever has nothing to do with it, as if there were none."""
    return get_object_or_404(Contract.objects.visible_to(request.user).with_parties(), pk=pk)


def crumbs(contract: Contract | None = None, *below: tuple[str, str]) -> list[tuple[str, str]]:
    """To Your contracts and, from a page below it, to the contract and what is `below` it; each as (address, words)."""
    back = [(reverse("contracts:list"), _("Your contracts"))]
    return [*back, (contract.get_absolute_url(), contract.title), *below] if contract else back
