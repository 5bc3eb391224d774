"""Staff see each plan, suggestion and answer; they refund what is in escrow and end contracts."""

from milestones.admin.money import TransferOfPlanAdmin
from milestones.admin.plan import ContractAndPlanAdmin, MilestoneAdmin
from milestones.admin.suggestions import AmendmentAdmin, ChangeAdmin

__all__ = ["AmendmentAdmin", "ChangeAdmin", "ContractAndPlanAdmin", "MilestoneAdmin", "TransferOfPlanAdmin"]
