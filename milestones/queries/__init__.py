"""Reads that span the plan, its suggestions and its money. Each is a fixed number of queries, however long the plan."""

from milestones.queries.listing import Step, counts, money_of, suggested, your_contracts
from milestones.queries.plans import kept, last_due_date, lines, plan, rounds
from milestones.queries.proof import money_problems
from milestones.queries.sums import Money, Standing, escrow_problems, history, money
from milestones.queries.turns import Waiting, waiting
from milestones.queries.work import returned

__all__ = [
    "Money",
    "Standing",
    "Step",
    "Waiting",
    "counts",
    "escrow_problems",
    "history",
    "kept",
    "last_due_date",
    "lines",
    "money",
    "money_of",
    "money_problems",
    "plan",
    "returned",
    "rounds",
    "suggested",
    "waiting",
    "your_contracts",
]
