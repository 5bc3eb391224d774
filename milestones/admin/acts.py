"""What staff do, each with a reason: both parties are told and read it."""

import uuid
from collections.abc import Collection
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from contracts.models import Contract
from contracts.permissions import is_staff
from escrow.money import format_money
from milestones import actions
from milestones.models import Milestone
from milestones.models.terms import REASON_LENGTH
from milestones.plan import Plan
from parties.queries import people_of
from staff.acts import Act

BOTH_READ_IT = gettext_lazy("Both sides read it. The log keeps it with your name and the time.")


class Refund(Act[Milestone]):
    verb, label, hint = "refund", gettext_lazy("Refund"), BOTH_READ_IT
    reason_length = REASON_LENGTH
    done = gettext_lazy("Refunded. Both sides have been told.")

    def concerns(self, row: Milestone) -> Collection[int | None]:
        return people_of(row.contract.client_id, row.contract.freelancer_id)

    def version(self, row: Milestone) -> int:
        return row.contract.plan_revision

    def is_offered(self, row: Milestone, user: User) -> bool:
        return self.verb in row.moves_for(user)

    def consequence(self, row: Milestone) -> str:
        held = row.escrow.balance if row.escrow else None
        facts = {"client": row.contract.client, "amount": format_money(held or Decimal(), row.contract.currency)}
        sentence = _("%(amount)s goes from escrow back to %(client)s. This cannot be undone.") % facts
        return f"{sentence} {Plan.of(row.contract, only=row.pk).what_closes()}".strip()

    def do(self, row: Milestone, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        assert seen is not None
        actions.refund(row, by=by, seen=seen, key=key, note=reason)


class EndContract(Act[Contract]):
    verb, label, hint = "end", gettext_lazy("End contract"), BOTH_READ_IT
    reason_length = REASON_LENGTH
    done = gettext_lazy("Ended. Both sides have been told.")

    def concerns(self, row: Contract) -> Collection[int | None]:
        return people_of(row.client_id, row.freelancer_id)

    def version(self, row: Contract) -> int:
        return row.plan_revision

    def is_offered(self, row: Contract, user: User) -> bool:
        return row.is_active and is_staff(row, user)

    def consequence(self, row: Contract) -> str:
        sentence = _("Nothing more can be planned or funded. The chat stays open. This cannot be undone.")
        return f"{sentence} {Plan.of(row).what_closes()}".strip()

    def do(self, row: Contract, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        assert seen is not None
        actions.end_contract(row, by=by, seen=seen, key=key, reason=reason)
