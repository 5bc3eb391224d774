from django.db import transaction

from accounts.models import User
from contracts.events.facts import Written
from contracts.events.own import PersonRenamed
from contracts.events.recording import record
from contracts.models import Contract


@transaction.atomic
def note_new_name(person: User, *, before: str, by: User) -> None:
    """On each open contract of this person: whoever looks for what was agreed under the old name finds it."""
    renamed = PersonRenamed(before=Written(before), after=Written(str(person)))
    for contract in Contract.objects.visible_to(person).in_state(Contract.State.ACTIVE).order_by("pk"):
        record(Contract.objects.lock(contract.pk), renamed, by=by, quietly=True)
