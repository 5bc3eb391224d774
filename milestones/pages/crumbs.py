"""The way back from each page of a contract, as (address, words)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import Contract


def crumbs(contract: Contract | None = None) -> list[tuple[str, str]]:
    """To Your contracts and, from a page below it, to the contract."""
    back = [(reverse("contracts:list"), _("Your contracts"))]
    return [*back, (contract.get_absolute_url(), contract.title)] if contract else back
