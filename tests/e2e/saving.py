"""How the freelancer saves the differences to the next version, and what the site takes of them."""

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.e2e.agreements import Agreed, Contract, Line, Terms
from tests.e2e.reading import Element, Page
from tests.e2e.visiting import Visitor

FIELDS = {"title": "Name", "amount": "Amount", "due_date": "Due date", "description": "Description"}
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


class Unexpected(Exception):
    """The site answered something else than it must; says what."""


@dataclass
class Outcome:
    contract: Contract
    edits: int = 0
    refusals: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        versions, refused = len(self.contract.versions), len(self.refusals)
        counts = ", ".join([count(versions, "version"), count(self.edits, "edit"), count(refused, "refusal")])
        reasons = Counter(self.refusals).items()
        refusals = [f"“{short(title)}” refused {count(times, 'time')}: {why}" for (title, why), times in reasons]
        said = "; ".join([counts, *refusals, *self.problems])
        return f"{'FAIL' if self.problems else 'ok':<4} {self.contract.title}: {said}"


class Saving:
    """One Save of the freelancer: what is staged, saved, and saved again without what was refused.

    Rows are opened from the last to the first, so that the buttons of those above still count as before.
    """

    def __init__(
        self, freelancer: Visitor, url: str, plan: list[Agreed], outcome: Outcome, *, today: datetime.date
    ) -> None:
        self.freelancer, self.url, self.today = freelancer, url, today
        self.plan, self.outcome = plan, outcome
        self.staged: list[Line] = []

    def save(self, lines: list[Line]) -> list[Line]:
        """The lines that the site took."""
        for line in lines:
            if line.removes_active:
                self._try_to_remove(line)
        self._stage([line for line in lines if not line.removes_active])
        while self.staged:
            page = self.freelancer.press("Save")
            if page.status != 422:
                require_done(page, "Save", self.url)
                break
            self._drop_refused(page)
        allowed = [line for line in self.staged if line.lowers_active]
        self.outcome.problems += [f"the price of “{line.title}” went down while in progress" for line in allowed]
        return self.staged

    def _manage(self) -> Page:
        self.freelancer.open(self.url)
        return self.freelancer.follow("Manage milestones")

    def _try_to_remove(self, line: Line) -> None:
        """No button offers it, so the page's form is sent with what no button would put there."""
        page = self._manage()
        removable = [agreed for agreed in self.plan if agreed.terms.title == line.title and not agreed.is_active]
        if sum(page.name(button) == f"Delete {line.title}" for button in page.buttons) != len(removable):
            self.outcome.problems.append(f"a button to delete “{line.title}”, which is in progress")
        page = self.freelancer.press(f"Edit {line.title}", self._nth(line, self.plan))
        modes = [control.get("name") for control in page.root.all("input") if control.get("name").endswith("-mode")]
        page = self.freelancer.press("Save", forged=dict.fromkeys(modes, "remove"))
        if page.status == 422:
            self.outcome.refusals.append((line.title, " ".join(link.text for link in _links_of_alerts(page))))
        else:
            self.outcome.problems.append(f"removing “{line.title}”, which is in progress, was not refused: {page}")

    def _stage(self, lines: list[Line]) -> None:
        self._manage()
        for line in reversed([line for line in lines if line.agreed]):
            if line.wanted:
                self.freelancer.press(f"Edit {line.title}", self._nth(line, self.plan))
                self._type(line.wanted, 0)
            else:
                removable = [agreed for agreed in self.plan if not agreed.is_active]
                self.freelancer.press(f"Delete {line.title}", self._nth(line, removable))
        for line in lines:
            if not line.agreed and line.wanted:
                self.freelancer.press("Propose a milestone")
                self._type(line.wanted, -1)
        self.staged = lines

    def _type(self, terms: Terms, nth: int) -> None:
        for name, label in FIELDS.items():
            self.freelancer.fill(label, getattr(terms, name), nth)

    def _nth(self, line: Line, rows: Sequence[Agreed | None]) -> int:
        """How many of these rows have the line's title and stand above it."""
        above = rows[: rows.index(line.agreed)]
        return sum(agreed is not None and agreed.terms.title == line.title for agreed in above)

    def _nth_staged(self, line: Line) -> int:
        return self._nth(line, [other.agreed for other in self.staged])

    def _drop_refused(self, page: Page) -> None:
        refused = {line: why for line in self.staged if (why := self._why_refused(page, line))}
        if not refused:
            raise Unexpected(f"Save was refused, and no milestone says why: {page}")
        self.outcome.refusals += [(line.title, why) for line, why in refused.items()]
        for line, why in reversed(refused.items()):
            if not line.may_be_refused(today=self.today, least=self._least(page, line)):
                self.outcome.problems.append(f"“{line.title}” was refused: {why}")
            self._undo(line)

    def _undo(self, line: Line) -> None:
        if line.agreed:
            self.freelancer.press(f"Undo {line.title}", self._nth_staged(line))
        else:
            new = [other for other in self.staged if not other.agreed]
            self.freelancer.press("Delete new milestone", new.index(line) - len(new))
        self.staged = [other for other in self.staged if other is not line]

    def _why_refused(self, page: Page, line: Line) -> str:
        """What the summary says of errors that lie in this line's row."""
        targets = [(page.target(link), link.text) for link in _links_of_alerts(page)]
        around = {element for place in self._places(page, line) for element in place.up()}
        return " ".join(sentence for target, sentence in targets if target in around)

    def _places(self, page: Page, line: Line) -> list[Element]:
        if line.wanted:
            opened = [other for other in self.staged if other.wanted]
            return [page.field(label, opened.index(line)) for label in FIELDS.values()]
        return [page.button(f"Undo {line.title}", self._nth_staged(line))]

    def _least(self, page: Page, line: Line) -> str:
        """The smallest price, as the hint of the amount says it."""
        hints = [page.description(place) for place in self._places(page, line) if page.named(FIELDS["amount"], [place])]
        return next((found.group() for hint in hints if (found := NUMBER.search(hint))), "0.00")


def _links_of_alerts(page: Page) -> list[Element]:
    return [link for alert in page.alerts for link in alert.all("a")]


def require_done(page: Page, what: str, url: str = "") -> None:
    """Errors: Unexpected when the page says that it did not happen, or is not the one that must come next."""
    if page.status != 200 or page.alerts or (url and page.url != url):
        raise Unexpected(f"“{what}” led to {page}")


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def short(title: str, length: int = 60) -> str:
    return title if len(title) <= length else f"{title[:length]}…"
