"""The review page in words: whose answer is waited for, and what approving all of it would do."""

from functools import cached_property

from django.utils.translation import gettext as _

from milestones.answers import Answer
from milestones.models import Amendment
from milestones.pages.review.answers import Answers
from milestones.pages.review.standing import Progress
from milestones.pages.review.summary import Summary, summarise
from text.dates import moment


class ReviewPage:
    def __init__(self, answers: Answers) -> None:
        self.answers, self.contract, self.amendment = answers, answers.contract, answers.amendment
        self.is_client = answers.contract.is_client(answers.by)
        self.other = answers.contract.name_of(answers.contract.other_party(answers.by))
        self.progress = Progress(answers)

    @cached_property
    def latest(self) -> Amendment | None:
        """Where nothing waits: what the reader may have come for."""
        return self.contract.amendments.order_by("-number").first()

    @property
    def heading(self) -> str:
        return _("Review %(name)s’s suggestions") % {"name": self.other} if self.answers.lines else _("Suggestions")

    @property
    def introduction(self) -> str:
        if not self.amendment:
            return _("Everything on this contract is agreed.")
        if not self.answers.lines:
            return _("Nothing changes until %(name)s approves it.") % {"name": self.other}
        facts = {"letter": self.amendment.letter, "at": moment(self.amendment.saved_at)}
        return _("Revision %(letter)s, %(at)s. Nothing changes until you approve it.") % facts

    @cached_property
    def summary(self) -> Summary:
        """As if all were approved."""
        shown = [line.change.pk for line in self.answers.lines] or [row.pk for row in self.answers.own]
        everything = dict.fromkeys(shown, Answer(approve=True))
        return summarise(self.contract, self.answers.plan, everything, viewer=None)

    @cached_property
    def so_far(self) -> Summary:
        """With the answers that are given."""
        return summarise(self.contract, self.answers.plan, self.progress.chosen, viewer=self.answers.by)

    @property
    def summary_title(self) -> str:
        return _("What you agree to so far") if self.answers.lines else _("What is suggested")

    @property
    def payer(self) -> str:
        """Who pays now, as the label of the sum."""
        if self.is_client:
            return _("You pay now, into escrow")
        return _("%(name)s pays now, into escrow") % {"name": self.other}

    @property
    def kept(self) -> str:
        """That what was chosen before is still here; empty where nothing is."""
        kept = self.answers.kept
        if not (kept and self.answers.is_kept):
            return ""
        return _("Your answers of %(at)s are kept. Nothing was sent.") % {"at": moment(kept.kept_at)}

    @property
    def costs(self) -> str:
        """What approving all moves at once, and when the rest is paid."""
        facts = {"name": self.other, "amount": self.summary.pays_now}
        match self.is_client, self.summary.moves_money:
            case True, True:
                text = _(
                    "If you approve all, you pay %(amount)s now; it goes to escrow. "
                    "The rest is paid when each milestone is funded."
                )
            case True, False:
                text = _("You pay nothing now. Each milestone is paid into escrow when you fund it.")
            case False, True:
                text = _(
                    "If you approve all, %(name)s pays %(amount)s now; it goes to escrow. "
                    "The rest is paid when each milestone is funded."
                )
            case _neither:
                text = _("Each milestone is paid into escrow when it is funded.")
        return text % facts
