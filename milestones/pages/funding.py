"""The page on which several milestones are funded at once."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from contracts.models import Contract
from milestones.models import Milestone
from milestones.pages.review.summary import Summary, summarise_funding
from milestones.pages.rows import PlanRow
from milestones.plan import Plan
from text.shown import Shown
from web.http import key_of

MOST_IN_ADDRESS = 30


class FundingPage:
    def __init__(
        self,
        contract: Contract,
        *,
        by: User,
        posted: MultiValueDict[str, str] | None = None,
        asked: Iterable[str] = (),
    ) -> None:
        """Without anything `posted`, what the address `asked` for is chosen, or else all that can be funded."""
        self.contract, self.by, self._posted = contract, by, posted
        self._asked = {key for key in map(key_of, asked) if key}
        self._plan = Plan.of(contract)

    @cached_property
    def fundable(self) -> list[Milestone]:
        return [m for m in self._plan.milestones if "fund" in self._plan.moves_for(m, by=self.by)]

    @cached_property
    def wanted(self) -> set[int]:
        """The keys of those that are chosen, whether they can be funded or not."""
        if self._posted is None:
            return self._asked or {milestone.pk for milestone in self.fundable}
        typed = self._posted.getlist("milestone")
        return {key for key in map(key_of, typed) if key}

    @property
    def chosen(self) -> list[Milestone]:
        return [milestone for milestone in self.fundable if milestone.pk in self.wanted]

    @property
    def here(self) -> str:
        """This page with this choice, to come back to; of very many, the page alone."""
        url = reverse("milestones:fund_several", args=[self.contract.pk])
        keys = sorted(self.wanted)
        return f"{url}?{urlencode({'milestone': keys}, doseq=True)}" if len(keys) <= MOST_IN_ADDRESS else url

    @property
    def is_added_up(self) -> bool:
        """Whether the sum that the person saw was that of what they chose."""
        return self._posted is not None and self._posted.get("added", "") == _keys(self.wanted)

    @property
    def added(self) -> str:
        return _keys({milestone.pk for milestone in self.chosen})

    @cached_property
    def rows(self) -> list[tuple[PlanRow, bool]]:
        """Each that can be funded, and whether it is chosen."""
        numbers: Mapping[int, int] = {each.pk: number for number, each in enumerate(self._plan.milestones, 1)}
        shown = Shown([])
        rows = [PlanRow(numbers[each.pk], each, viewer=self.by, shown=shown) for each in self.fundable]
        return [(row, row.pk in self.wanted) for row in rows]

    @cached_property
    def summary(self) -> Summary:
        return summarise_funding(self.contract, self.chosen)

    @property
    def why_not(self) -> str:
        if not self.contract.is_client(self.by):
            return _("This is for the other side to do.")
        return "" if self.fundable else _("Nothing is waiting to be funded.")

    @property
    def button(self) -> str:
        """As "Fund 3 milestones, $2,500.00"."""
        count = len(self.chosen)
        text = ngettext("Fund %(count)d milestone, %(sum)s", "Fund %(count)d milestones, %(sum)s", count)
        return text % {"count": count, "sum": self.summary.pays_now}


def _keys(milestones: set[int]) -> str:
    return ",".join(map(str, sorted(milestones)))
