"""A long plan: the contract shows it in parts, and no page works out what it does not show."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milestones.models import Amendment, Change, Milestone
from milestones.pages import rows, suggestions
from milestones.pages.parts import part_of
from tests.milestones.browsing import HTMX
from text import compared
from text.templatetags.icons import drawn

COUNT = 120


@pytest.fixture
def plan(contract, mara):
    """Milestones that are agreed, and as many that are suggested to change; written at once, for there are many."""
    Milestone.objects.bulk_create(
        Milestone(
            contract=contract,
            position=number,
            title=f"Part {number}",
            description="*Long* words",
            amount=10,
            state="accepted",
            proposed_by=mara.party,
        )
        for number in range(1, COUNT + 1)
    )
    amendment = Amendment.objects.create(
        contract=contract, number=1, author=mara, party=mara.party, saved_at="2026-11-01T10:00Z"
    )
    Change.objects.bulk_create(
        Change(
            amendment=amendment,
            milestone=milestone,
            kind="edit",
            base_title=milestone.title,
            base_amount=10,
            base_description="One two three",
            asked_title=milestone.title,
            asked_amount=20,
            asked_description="One two four",
        )
        for milestone in contract.milestones.order_by("position")[:20]
    )
    return contract


def test_contract_shows_a_hundred_milestones_and_leads_to_the_rest(plan, ben_at):
    first = ben_at.open(plan.get_absolute_url())

    assert [row.text for row in first.root.all("h3")][:100] == [f"Part {number}" for number in range(1, 101)]
    assert "Milestones 1 to 100 of 120" in ben_at.response.text
    second = ben_at.open(plan.get_absolute_url(), rows="2")
    assert [row.text for row in second.root.all("h3")][:20] == [f"Part {number}" for number in range(101, 121)]
    assert "rows%3D2" in second.link("Discuss Part 101").get("href")


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "²"])
def test_part_that_is_not_there_is_the_nearest(plan, ben_at, number):
    assert ben_at.open(plan.get_absolute_url(), rows=number).status == 200


def test_part_with_long_descriptions_is_shorter(contract):
    plan = [Milestone(contract=contract, title="Part", description="x" * 20_000) for _ in range(12)]

    parts = [part_of(plan, str(number)) for number in (1, 2, 3, 4)]

    assert [(part.number, part.first, part.last) for part in parts] == [(1, 1, 5), (2, 6, 10), (3, 11, 12), (3, 11, 12)]
    assert [(part.previous, part.next) for part in parts[:3]] == [(None, 2), (1, 3), (2, None)]


def test_part_of_nothing_is_empty(contract):
    part = part_of([], None)

    assert (part.milestones, part.count, part.total) == ([], 1, 0)


@pytest.fixture
def worked_out(monkeypatch) -> list[str]:
    """What is worked out while a page is made, by name. Everything still runs."""
    calls: list[str] = []

    def counted(module: object, name: str) -> None:
        real = getattr(module, name)

        def call(*arguments: object, **options: object) -> object:
            calls.append(name)
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, call)

    counted(rows, "chat_about")
    counted(suggestions, "chat_about")
    counted(Milestone, "moves_for")
    counted(compared, "word_diff")

    def description(_row: rows.PlanRow) -> str:
        calls.append("description")
        return ""

    monkeypatch.setattr(rows.PlanRow, "description", property(description))
    return calls


@pytest.mark.parametrize("visitor", ["ben_at", "mara_at"])
def test_manage_works_out_only_what_it_shows(plan, request, worked_out, visitor):
    who, url = request.getfixturevalue(visitor), reverse("milestones:manage", args=[plan.pk])

    who.open(url)
    assert worked_out == ["word_diff"] * 20

    worked_out.clear()
    who.post(url, {"do": "preview", "seen": 0, "key": uuid.uuid4()}, headers=HTMX)
    assert worked_out == []


def test_manage_reads_all_comparisons_at_once(plan, mara_at):
    for change in Change.objects.all():
        words = " ".join(f"word{change.pk}x{number}" for number in range(60))
        change.base_description, change.asked_description = words, f"{words} more"
        change.save()
    url = reverse("milestones:manage", args=[plan.pk])
    mara_at.open(url)

    with CaptureQueriesContext(connection) as captured:
        mara_at.open(url)

    assert len([query for query in captured if '"text_difference"' in query["sql"]]) == 1


@pytest.fixture
def much_text(plan):
    """More than a page can show: of 20 suggestions, each 40,000 characters before and after."""
    for change in Change.objects.all():
        change.base_description = f"{change.pk} old ".ljust(20_000, "o")
        change.asked_description = f"{change.pk} new ".ljust(20_000, "n")
        change.save()
    return plan


@pytest.mark.parametrize(
    ("visitor", "name", "arguments"),
    [
        ("ben_at", "review", []),
        ("mara_at", "review", []),
        ("mara_at", "manage", []),
        ("mara_at", "amendment", [1]),
    ],
)
def test_a_page_of_suggestions_shows_so_much_text_and_links_to_the_rest(much_text, request, visitor, name, arguments):
    who = request.getfixturevalue(visitor)

    page = who.open(reverse(f"milestones:{name}", args=[much_text.pk, *arguments]))

    assert len(who.response.content) < 650_000
    shown = [number for number in range(1, 21) if f"Read it before and after Part {number}," not in page.root.text]
    assert shown == [1, 2, 3, 4, 5, 6]
    assert page.root.text.count("There is too much text for one page.") == 14


@pytest.mark.parametrize("visitor", ["ben_at", "mara_at"])
def test_each_suggestion_has_a_page_of_its_own_with_all_of_its_text(much_text, request, visitor):
    who, change = request.getfixturevalue(visitor), Change.objects.order_by("milestone__position").last()
    alone = f"{change.amendment.get_absolute_url()}?line={change.pk}"

    page = who.open(alone)

    assert (page.status, [title.text for title in page.root.all("h2") if "Part" in title.text]) == (200, ["Part 20"])
    assert all(text[10:] in who.response.text for text in (change.base_description, change.asked_description))
    assert who.open(reverse("milestones:amendment", args=[much_text.pk, 1]) + "?line=x").status == 404
    assert who.open(reverse("milestones:amendment", args=[much_text.pk, 1]) + f"?line={change.pk + 1}").status == 404


def test_check_compares_no_words(plan, ben_at, worked_out):
    ben_at.press(ben_at.open(reverse("milestones:review", args=[plan.pk])), "Decline all 20")

    assert worked_out.count("word_diff") == 20  # of the review alone


def test_an_icon_is_drawn_once(plan, mara_at):
    mara_at.open(plan.get_absolute_url())
    before = drawn.cache_info().misses

    mara_at.open(plan.get_absolute_url())

    assert drawn.cache_info().misses == before
    assert drawn.cache_info().hits > 100
