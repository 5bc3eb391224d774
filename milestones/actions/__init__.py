"""The verbs of the plan. Each is one transaction: lock the contract, check, move, pay, record."""

from milestones.actions.deciding import Answer, counter_problems, decide
from milestones.actions.funding import fund, why_not_fundable
from milestones.actions.saving import problems, save
from milestones.actions.suggestions import InvalidLines
from milestones.actions.waiting import remind, see
from milestones.actions.working import end_contract, refund, release, request_changes, submit

__all__ = [
    "Answer",
    "InvalidLines",
    "counter_problems",
    "decide",
    "end_contract",
    "fund",
    "problems",
    "refund",
    "release",
    "remind",
    "request_changes",
    "save",
    "see",
    "submit",
    "why_not_fundable",
]
