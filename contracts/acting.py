"""What every verb on a contract passes through before it does anything of its own.

    with acting(contract, "fund", by=by, seen=seen, key=key, content=milestone.pk) as locked:
        if locked is None:
            return  # this very form was acted on before

In this order: the contract's row is locked until the transaction ends; may this person act; was this very form acted
on; is the contract active; is what the person saw still current; the plan moves on. A refusal undoes all of it.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Site, kept
from contracts import permissions
from contracts.models import Contract, Receipt
from parties.permissions import read_again
from web.refusals import NotYours, Stale, WrongMoment

May = Callable[[Contract, Any, str], bool]


@contextmanager
def acting(
    contract: Contract,
    verb: str,
    *,
    by: Actor,
    seen: int | None,
    key: uuid.UUID,
    content: object = "",
    may: May = permissions.is_party,
) -> Iterator[Contract | None]:
    """The contract as it is now; None when the form with this key was acted on before, so that nothing is left to do.

    `seen` is the version of the plan that the person acts on. None is for an act that is the same whatever the plan
    is; it does not move the plan on. `content` is what the form says: the same key with other content is refused.
    Errors: NotYours, WrongMoment when the contract has ended, Stale.
    """
    with holding(contract, verb, by=by, may=_by_rule(by) if isinstance(by, Site) else may) as locked:
        if not _signs(locked, verb, by=by, key=key, content=content):
            yield None
            return
        if not locked.is_active:
            raise WrongMoment(_("This contract has ended, so its milestones cannot be changed."), topic="ended")
        if seen is not None:
            require_current(locked, seen=seen)
            locked.plan_revision += 1
            locked.save(update_fields=["plan_revision"])
        yield locked


@contextmanager
def holding(contract: Contract, verb: str, *, by: Actor, may: May = permissions.is_party) -> Iterator[Contract]:
    """The contract as it is now, locked until the transaction ends: for what the chat does, whatever the plan is.

    Whom the person may act for is read again, too: they may have left since the page was made.
    """
    with transaction.atomic():
        locked = Contract.objects.lock(contract.pk)
        read_again(by)
        if not may(locked, by, verb):
            raise NotYours(_refusal(may))
        yield locked


def _by_rule(site: Site) -> May:
    """What the site may do, its rule says."""
    return lambda _contract, _by, verb: site.may(verb)


def _refusal(may: May) -> str:
    if may is permissions.is_staff:
        return _("Only staff who are on neither side of this contract can do this.")
    return _("Only the two sides of this contract can do this.")


def _signs(contract: Contract, verb: str, *, by: Actor, key: uuid.UUID, content: object) -> bool:
    """Keep a receipt for this form. False when there is one. Errors: Stale when that one was for other content."""
    digest = hashlib.sha256(repr((verb, contract.pk, content)).encode()).hexdigest()
    receipt, is_new = Receipt.objects.get_or_create(
        **kept(by), key=key, defaults={"contract": contract, "digest": digest}
    )
    if receipt.digest != digest:
        raise Stale(_("This page was saved already. Look at what is new, and repeat what you still want to do."))
    return is_new


def require_current(contract: Contract, *, seen: int) -> None:
    """Errors: Stale when the plan has moved on since the person saw version `seen` of it."""
    if contract.plan_revision != seen:
        raise Stale(_("This changed while you were reading. Nothing was applied."))
