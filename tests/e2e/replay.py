"""Play contracts that were really agreed on through the site, over HTTP, as its three people do.

    python tests/e2e/replay.py --data contracts.json --base-url http://localhost:8000

Staff create each contract, the client adds play money, the freelancer proposes the first version, the client approves
it and funds the first milestone; each next version is one amendment. What the rules forbid (R4, R7, the limits of a
field) must be refused; it is counted, and the rest goes on without that line. At the end the site's plan is compared
with the last version, field by field. Any difference is printed, and the exit code is then 1.
"""

import argparse
import datetime
import sys
from collections.abc import Callable
from decimal import ROUND_CEILING
from http.client import HTTPException
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.e2e.agreements import MAXIMUM, Agreed, Contract, Line, Terms, lines_between, mismatches, read, with_lines
from tests.e2e.reading import NotOnPage
from tests.e2e.saving import FIELDS, Outcome, Saving, Unexpected, count, require_done
from tests.e2e.visiting import Visitor

SignIn = Callable[[Visitor, str], None]
"""Signs the visitor in as "staff", "client" or "freelancer"."""


def one_click(visitor: Visitor, role: str) -> None:
    """The demo's way in."""
    page = visitor.open()
    names = [page.name(button) for button in page.named("Sign in as", page.buttons)]
    visitor.press(next((name for name in names if name.endswith(role)), f"Sign in as …, {role}"))


class Replay:
    """The three people, each signed in on a browser of their own."""

    def __init__(self, base_url: str, *, sign_in: SignIn, today: datetime.date) -> None:
        self.today = today
        self.staff, self.client, self.freelancer = Visitor(base_url), Visitor(base_url), Visitor(base_url)
        for visitor, role in (self.staff, "staff"), (self.client, "client"), (self.freelancer, "freelancer"):
            sign_in(visitor, role)
            visitor.open()
        self.names = {visitor: self._name_of(visitor) for visitor in (self.client, self.freelancer)}

    def _name_of(self, visitor: Visitor) -> str:
        return visitor.follow("Settings").field("Name").value

    def play(self, contract: Contract) -> Outcome:
        outcome = Outcome(contract)
        try:
            self._play(contract, outcome)
        except (NotOnPage, Unexpected, OSError, HTTPException) as error:
            outcome.problems.append(f"{error}")
        return outcome

    def _play(self, contract: Contract, outcome: Outcome) -> None:
        pages = self._create(contract)
        self._add_funds(contract)
        plan: list[Agreed] = []
        for number, version in enumerate(contract.versions):
            saving = Saving(self.freelancer, pages[self.freelancer], plan, outcome, today=self.today)
            saved = saving.save(lines_between(plan, version))
            if saved:
                self._approve(pages[self.client], saved)
                plan = with_lines(plan, saved)
            outcome.edits += len(saved) if number else 0
            if plan and not any(agreed.is_active for agreed in plan):
                self._fund(pages[self.client], plan[0])
        got = self._plan_on_site(pages[self.freelancer])
        outcome.problems += mismatches([agreed.terms for agreed in plan], got)

    # --- The acts -----------------------------------------------------------------------------------------------------
    def _create(self, contract: Contract) -> dict[Visitor, str]:
        """The contract's address as each party finds it."""
        before = {visitor: self._listed(visitor, contract.title) for visitor in self.names}
        self._open_form_of_contract()
        form = {
            "Title": contract.title,
            "Client": self.names[self.client],
            "Freelancer": self.names[self.freelancer],
            "Currency": contract.currency,
            "Time zone": "UTC",
        }
        for name, text in form.items():
            self.staff.fill(name, text)
        if self.staff.page.named("Reason", self.staff.page.fields):
            self.staff.fill("Reason", "Replay of a contract that was really agreed on.")
        page = self.staff.press("Save")
        if page.status != 200 or page.named("Save and add another", page.buttons):
            raise Unexpected(f"the admin did not create the contract: {page}")
        return {visitor: self._only_new(visitor, contract.title, known) for visitor, known in before.items()}

    def _open_form_of_contract(self) -> None:
        self.staff.open()
        office = self.staff.follow("Staff pages")
        for nth in range(len(office.named("Contracts", office.links))):
            self.staff.page = office
            page = self.staff.follow("Contracts", nth)
            if page.named("Add contract", page.links):
                break
        self.staff.follow("Add contract")

    def _listed(self, visitor: Visitor, title: str) -> list[str]:
        """The addresses of all contracts of this title among the person's own."""
        visitor.open()
        page = visitor.follow("Your contracts")
        if page.named("Search", page.fields):
            visitor.fill("Search", title[:100])
            page = visitor.press("Search")
        found = []
        while True:
            found += [visitor.address(link) for link in page.links if page.name(link) == title]
            if not page.named("Show older", page.links):
                return found
            page = visitor.follow("Show older")

    def _only_new(self, visitor: Visitor, title: str, known: list[str]) -> str:
        new = [address for address in self._listed(visitor, title) if address not in known]
        if len(new) != 1:
            raise Unexpected(f"{len(new)} new contracts “{title}” instead of one among those of {self.names[visitor]}")
        return new[0]

    def _add_funds(self, contract: Contract) -> None:
        """Enough for the first milestone, also when its price goes up: as much as the dearest of the contract."""
        most = min(contract.highest_price.to_integral_value(ROUND_CEILING), MAXIMUM)
        if not most:
            return
        self.client.follow("Money")
        self.client.fill("Amount", f"{most:f}")
        self.client.fill("Currency", contract.currency)
        self.client.tick("Play money")
        require_done(self.client.press("Add funds"), "Add funds")

    def _approve(self, url: str, saved: list[Line]) -> None:
        self.client.open(url)
        review = self.client.follow("Review")
        for line in saved:
            review.group(line.title)  # each is there to be answered alone
        require_done(self.client.press("Approve all"), "Approve all")
        require_done(self.client.press(f"Approve {len(saved)}"), "Approve", url)

    def _fund(self, url: str, first: Agreed) -> None:
        self.client.open(url)
        require_done(self.client.press(f"Fund {first.terms.title}"), "Fund")
        require_done(self.client.press(f"Fund {first.terms.title}"), "Fund", url)
        first.is_active = True

    def _plan_on_site(self, url: str) -> list[Terms]:
        """As the fields show it when each milestone is opened to edit."""
        self.freelancer.open(url)
        manage = self.freelancer.follow("Manage milestones")
        plan = []
        for nth in range(len(manage.named("Edit", manage.buttons))):
            self.freelancer.page = manage
            page = self.freelancer.press("Edit", nth)
            plan.append(Terms(**{name: page.field(label).value for name, label in FIELDS.items()}))
        return plan


def replay(contracts: list[Contract], base_url: str, *, today: datetime.date, sign_in: SignIn = one_click) -> int:
    """Play all, print a line each and the totals; 0 when nothing differs, else 1."""
    people = Replay(base_url, sign_in=sign_in, today=today)
    outcomes = []
    for contract in contracts:
        outcomes.append(people.play(contract))
        sys.stdout.write(f"{outcomes[-1]}\n")
        sys.stdout.flush()
    problems = sum(len(outcome.problems) for outcome in outcomes)
    totals = {
        "contract": len(outcomes),
        "version": sum(len(contract.versions) for contract in contracts),
        "edit": sum(outcome.edits for outcome in outcomes),
        "refusal": sum(len(outcome.refusals) for outcome in outcomes),
    }
    counted = [count(number, noun) for noun, number in totals.items()]
    sys.stdout.write(f"{', '.join(counted)}, {problems} mismatches\n")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Play contracts that were really agreed on through the site.")
    parser.add_argument("--data", type=Path, required=True, help="a JSON file of contracts and their versions")
    parser.add_argument("--base-url", required=True, help="where the demo answers, like http://localhost:8000")
    arguments = parser.parse_args()
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        return replay(read(arguments.data, today=today), arguments.base_url, today=today)
    except (NotOnPage, OSError) as error:
        sys.stderr.write(f"The replay could not begin: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
