"""What happens to a plan and its milestones: one class a verb. See `contracts.events`."""

from milestones.events.answers import AnsweredLine, SuggestionsDecided
from milestones.events.plan import ChangedLine, PlanChanged
from milestones.events.suggestions import (
    SuggestionsClosed,
    SuggestionsReminded,
    SuggestionsRevised,
    SuggestionsSaved,
    SuggestionsWithdrawn,
    net,
)
from milestones.events.work import (
    MilestoneFunded,
    MilestoneRefunded,
    MilestoneReleased,
    MilestoneReturned,
    MilestoneSubmitted,
    OfMilestone,
)

__all__ = [
    "AnsweredLine",
    "ChangedLine",
    "MilestoneFunded",
    "MilestoneRefunded",
    "MilestoneReleased",
    "MilestoneReturned",
    "MilestoneSubmitted",
    "OfMilestone",
    "PlanChanged",
    "SuggestionsClosed",
    "SuggestionsDecided",
    "SuggestionsReminded",
    "SuggestionsRevised",
    "SuggestionsSaved",
    "SuggestionsWithdrawn",
    "net",
]
