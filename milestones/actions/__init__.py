"""The verbs of the plan. Each is one transaction: lock the contract, check, move, pay, record."""

from milestones.actions.deciding import decide
from milestones.actions.funding import fund, fund_several
from milestones.actions.keeping import forget, keep
from milestones.actions.saving import problems, save
from milestones.actions.suggestions import InvalidLines
from milestones.actions.waiting import remind, see
from milestones.actions.working import end_contract, refund, release, request_changes, submit
from milestones.answers import Answer

__all__ = [
    "Answer",
    "InvalidLines",
    "decide",
    "end_contract",
    "forget",
    "fund",
    "fund_several",
    "keep",
    "problems",
    "refund",
    "release",
    "remind",
    "request_changes",
    "save",
    "see",
    "submit",
]
