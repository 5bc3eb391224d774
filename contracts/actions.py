"""Start and end a contract; and what each verb on one does first: lock, refuse a repeated form or a stale page."""

import hashlib
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import acts_as_staff
from contracts import events, permissions
from contracts.events import ContractEnded, ContractStarted, Quoted
from contracts.models import Contract, Receipt
from web.refusals import Invalid, NotYours, Stale, WrongMoment


def lock(contract: Contract, *, by: User) -> Contract:
    """The contract as it is now, locked until the transaction ends. Errors: NotYours, WrongMoment when it has ended."""
    locked = Contract.objects.lock(contract.pk)
    if not (locked.is_party(by) or by.is_staff):
        raise NotYours(_("Only the two parties of this contract can do this."))
    if not locked.is_active:
        raise WrongMoment(_("This contract has ended, so its milestones cannot be changed."), topic="ended")
    return locked


def is_repeated(contract: Contract, verb: str, *, by: User, key: uuid.UUID, content: object = "") -> bool:
    """Whether this very form was acted on before; if not, it counts as acted on from now.

    The caller holds the contract's lock. Errors: Stale when the form was acted on with other content: the person went
    back to an old page and changed it.
    """
    digest = hashlib.sha256(repr((verb, contract.pk, content)).encode()).hexdigest()
    receipt, is_new = Receipt.objects.get_or_create(by=by, key=key, defaults={"contract": contract, "digest": digest})
    if not is_new and receipt.digest != digest:
        raise Stale(_("This page was saved before. Look at what is new and repeat what you want to do."))
    return not is_new


def require_current(contract: Contract, *, seen: int) -> None:
    """Errors: Stale when the plan has moved on since the person saw revision `seen` of it."""
    if contract.plan_revision != seen:
        raise Stale(_("This changed while you were reading. Nothing was applied."))


def touch_plan(contract: Contract) -> None:
    """The plan has changed: whoever looks at an older revision must look again. The caller holds the lock."""
    contract.plan_revision += 1
    contract.save(update_fields=["plan_revision"])


@transaction.atomic
def start(*, title: str, client: User, freelancer: User, currency: str, time_zone: str, by: User) -> Contract:
    """A contract between these two, without milestones yet; both are told. Staff only.

    Errors: NotYours; Invalid without a title, for one person on both sides, an unknown currency or time zone.
    """
    if not acts_as_staff(by, concerning=(client.pk, freelancer.pk)):
        raise NotYours(_("Only staff can start a contract, and never one of their own."))
    if not title.strip():
        raise Invalid(_("Enter a title."))
    contract = Contract(
        title=title.strip(), client=client, freelancer=freelancer, currency=currency, time_zone=time_zone
    )
    try:
        contract.full_clean()
    except ValidationError as error:
        raise Invalid(error.messages[0]) from error
    contract.save(force_insert=True)
    events.record(contract, ContractStarted(), by=by)
    return contract


@transaction.atomic
def end(contract: Contract, *, by: User, reason: str) -> Contract:
    """Close the contract for new plans and work. Staff only, with a reason that both parties read.

    Money in escrow must have been released or refunded before; `milestones.actions.end_contract` sees to it.
    """
    if not permissions.is_staff(contract, by):
        raise NotYours(_("Only staff can end a contract, and never one of their own."))
    if not reason.strip():
        raise Invalid(_("Say why: both parties will read it."))
    contract = lock(contract, by=by)
    contract.state = Contract.State.ENDED
    contract.ended_at = timezone.now()
    contract.plan_revision = F("plan_revision") + 1
    contract.save(update_fields=["state", "ended_at", "plan_revision"])
    contract.refresh_from_db(fields=["plan_revision"])
    events.record(contract, ContractEnded(reason=Quoted(reason)), by=by)
    return contract
