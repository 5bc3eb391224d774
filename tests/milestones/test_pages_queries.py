"""A page costs the same number of queries however long its lists are."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Contract
from milestones.models import Change
from tests import factories as do
from tests.factories import ContractFactory, add, edit
from tests.milestones.browsing import HTMX, Visitor, typed

COUNTS = [1, 3, 30]
GET = {
    # Two for the history of the money, one for work that was sent back, and what the client has answered so far.
    "contracts:detail": (12, 11),
    "milestones:manage": (8, 8),  # one for the texts that are suggested, rendered
    "milestones:review": (11, 9),  # the client's balance, and that the client has looked; what was kept; the texts
    "milestones:amendment": (7, 7),
}
"""For the client and for the freelancer."""

LIST, TOTALS, CHECK = 8, 7, 10


def queries_of(visitor: Visitor, method: str, url: str, *arguments: object, **options: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = getattr(visitor if method == "post" else visitor.client, method)(url, *arguments, **options)
    assert response.status_code in (200, 302)
    return len(captured)


@pytest.fixture(params=COUNTS)
def plan(request, contract) -> Contract:
    """Each milestone is funded, was declined a change, and has another that waits."""
    count = request.param
    do.deposit(contract.client.person, 100 * count)
    do.save(contract, *(add(f"Part {number}", "100.00", row=f"n{number}") for number in range(count)))
    do.approve(*Change.objects.pending(), fund=True)
    milestones = list(contract.milestones.order_by("id"))
    do.save(contract, *(edit(milestone, amount="120.00") for milestone in milestones))
    do.decline(*Change.objects.pending(), reason="Too much")
    do.save(contract, *(edit(milestone, title="Other", description="Longer") for milestone in milestones))
    return contract


def test_pages_of_a_contract(plan, ben_at, mara_at):
    numbers = {"milestones:amendment": [plan.pk, 2]}  # 3 is open: it leads to the review
    urls = {name: reverse(name, args=numbers.get(name, [plan.pk])) for name in GET}

    ben_at.open(urls["milestones:manage"])  # which renders the texts, once

    found = {name: tuple(queries_of(who, "get", url) for who in (ben_at, mara_at)) for name, url in urls.items()}

    assert found == GET
    assert queries_of(mara_at, "post", urls["milestones:manage"], edits_of_all(plan), headers=HTMX) == TOTALS
    review = urls["milestones:review"]
    assert queries_of(ben_at, "post", f"{review}check/", typed(ben_at.open(review), "Approve all")) == CHECK


def edits_of_all(plan: Contract) -> dict[str, object]:
    rows = [f"m{milestone.pk}" for milestone in plan.milestones.all()]
    form: dict[str, object] = {"do": "preview", "seen": "5", "key": uuid.uuid4(), "row": rows}
    for row in rows:
        form |= {f"{row}-mode": "edit", f"{row}-title": "Part", f"{row}-amount": "150"}
    return form


@pytest.mark.parametrize("count", COUNTS)
def test_list_of_contracts(ben, ben_at, count):
    for _ in range(min(count, 26)):
        do.propose(ContractFactory(client=ben))

    assert queries_of(ben_at, "get", reverse("contracts:list")) == LIST
