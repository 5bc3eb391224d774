"""The ways money comes in. Each says whether it is open here and when the money has arrived."""

from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from escrow.models import Deposit
from web.refusals import Invalid


class Gateway(Protocol):
    name: str
    arrives_at_once: bool
    """Whether a deposit is confirmed as it is requested; else somebody confirms it later."""

    def is_open(self) -> bool: ...

    def instructions(self, deposit: Deposit) -> str:
        """What the payer does next, in one sentence."""


class Manual:
    """A bank transfer. Staff see it on the bank statement and confirm it in the admin."""

    name = Deposit.Gateway.MANUAL.value
    arrives_at_once = False

    def is_open(self) -> bool:
        return True

    def instructions(self, deposit: Deposit) -> str:
        return _("Transfer the amount with this reference; we confirm it when it arrives.")


class Sandbox:
    """Play money for the demo and the tests."""

    name = Deposit.Gateway.SANDBOX.value
    arrives_at_once = True

    def is_open(self) -> bool:
        return settings.DEMO or settings.MODE == "test"

    def instructions(self, deposit: Deposit) -> str:
        return _("This is play money. It is there at once.")


_GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (Sandbox(), Manual())}


def named(name: str) -> Gateway:
    return _GATEWAYS[name]


def open_gateway(name: str) -> Gateway:
    """Errors: Invalid when there is no such way to pay, or not on this site."""
    gateway = _GATEWAYS.get(name)
    if not gateway or not gateway.is_open():
        raise Invalid(_("Choose how you will pay."))
    return gateway


def choices() -> list[tuple[str, str]]:
    """The open gateways as (name, label), the default first."""
    return [(name, str(Deposit.Gateway(name).label)) for name, gateway in _GATEWAYS.items() if gateway.is_open()]


def default() -> str:
    return next(name for name, _label in choices())
