"""Start a contract. What ends one belongs to its plan: `milestones.actions.end_contract`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from contracts import events
from contracts.events import ContractStarted
from contracts.models import Contract
from parties.models import Party
from parties.permissions import acts_as_staff
from parties.queries import on_both_sides
from web.refusals import Invalid, NotYours


@transaction.atomic
def start(*, title: str, client: Party, freelancer: Party, currency: str, time_zone: str, by: User) -> Contract:
    """A contract between these two, without milestones yet; both are told. Staff only.

    Errors: NotYours; Invalid without a title, for one person on both sides, an unknown currency or time zone.
    """
    if not acts_as_staff(by, concerning=(client, freelancer)):
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
    Party.objects.lock(client, freelancer)
    if person := on_both_sides(client, freelancer).first():
        words = _("%(name)s would act for both sides. A contract is between two that have nobody in common.")
        raise Invalid(words % {"name": person.get_short_name()})
    contract.save(force_insert=True)
    events.record(contract, ContractStarted(), by=by)
    return contract
