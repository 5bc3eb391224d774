"""Reads that span the plan, its suggestions and its money. Each is a fixed number of queries, however long the plan."""

from milestones.queries.listing import Step, counts, money_of, suggested, your_contracts
from milestones.queries.plans import kept, lines, plan, rounds
from milestones.queries.proof import money_problems
from milestones.queries.sums import Standing, escrow_problems, history
from milestones.queries.turns import Waiting, waiting
from milestones.queries.work import returned

__all__ = [
    "Standing",
    "Step",
    "Waiting",
    "counts",
    "escrow_problems",
    "history",
    "kept",
    "lines",
    "money_of",
    "money_problems",
    "plan",
    "returned",
    "rounds",
    "suggested",
    "waiting",
    "your_contracts",
]
