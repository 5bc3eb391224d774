"""The verbs of the plan. Each is one transaction: lock the contract, check, move, pay, record."""

from milestones.actions.deciding import Answer, decide
from milestones.actions.funding import fund
from milestones.actions.saving import InvalidLines, problems, save
from milestones.actions.seeing import see
from milestones.actions.working import end_contract, refund, release, request_changes, submit

__all__ = [
    "Answer",
    "InvalidLines",
    "decide",
    "end_contract",
    "fund",
    "problems",
    "refund",
    "release",
    "request_changes",
    "save",
    "see",
    "submit",
]
