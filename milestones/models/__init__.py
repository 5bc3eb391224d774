"""The plan of a contract. Invariants, held by the database as well as here:

- a milestone's terms change only by an accepted Change; an answered Change is never written again;
- at most one pending Change per milestone, and one open Amendment per contract and party;
- states move only along the machine, and a funded milestone has an escrow account.
"""

from milestones.models.amendment import Amendment, Change
from milestones.models.kept import KeptAnswers, KeptLine
from milestones.models.milestone import Milestone
from milestones.models.terms import Terms

__all__ = ["Amendment", "Change", "KeptAnswers", "KeptLine", "Milestone", "Terms"]
