"""What somebody has chosen on the review page and not sent: it is still there, whatever comes between (R9, R18)."""

import pytest
from django.urls import reverse

from escrow.queries import balance
from milestones.actions import keeping
from milestones.models import Change, KeptAnswers
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at
from tests.milestones.browsing import HTMX, Visitor, typed
from tests.milestones.in_person import totals
from tests.milestones.snapshots import nothing_changes

KEEP = "Keep my answers and add them up"


@pytest.fixture
def url(contract) -> str:
    return reverse("milestones:review", args=[contract.pk])


@pytest.fixture
def three(contract) -> list[Change]:
    """$300.00 more for active work, and two new milestones."""
    active = milestone_at(State.FUNDED, contract, title="3D model", amount="1200.00")
    do.save(contract, edit(active, amount="1500.00"), add("Stress check", "650.00"), add("Renders", "80.00", row="n2"))
    return list(Change.objects.pending().order_by("id"))


def choose(page, title: str, answer: str) -> None:
    group = page.group(title)
    next(field for field in group.all("input") if page.name(field) == answer).tick()


def chosen(page) -> dict[str, str]:
    """The answer that is ticked on each line."""
    lines = [group for group in page.groups if group.get("id").startswith("change-")]
    ticked = {page.name(line): [each for each in line.all("input") if each.has("checked")] for line in lines}
    return {name: page.name(fields[0]) if fields else "" for name, fields in ticked.items()}


def answer_two(visitor: Visitor, url: str) -> None:
    page = visitor.open(url)
    choose(page, "3D model", "Approve")
    choose(page, "Stress check", "Decline")
    page.field("Reason", 1).typed = "Too late"
    visitor.press(page, KEEP)


def test_answers_are_kept_and_nothing_is_sent(three, url, ben, ben_at, as_):
    ben_at.open(url)  # which the other party sees
    with nothing_changes():
        answer_two(ben_at, url)

    elsewhere = Visitor(as_(ben))
    page = elsewhere.open(url)
    assert chosen(page) == {"3D model": "Approve", "Stress check": "Decline", "Renders": ""}
    assert page.field("Reason", 1).value == "Too late"
    assert "are kept. Nothing was sent." in elsewhere.response.text
    assert not page.title.startswith("Error: ")


def test_contract_says_how_many_are_answered(contract, three, url, ben_at, mara_at):
    answer_two(ben_at, url)

    ben_at.open(contract.get_absolute_url())
    mara_at.open(contract.get_absolute_url())

    assert "You have answered 2 of 3." in ben_at.response.text
    assert "You have answered" not in mara_at.response.text


def test_figures_follow_the_answers(three, url, ben, ben_at):
    do.deposit(ben, "100.00")
    answer_two(ben_at, url)

    page = ben_at.open(url)

    assert "2 of 3 answered" in ben_at.response.text
    figures = totals(page)
    named = ("You approve", "New total", "You pay now, into escrow", "Your balance", "Missing")
    assert [figures[name] for name in named] == ["+$300.00", "$1,500.00", "$300.00", "$100.00", "$200.00"]
    assert (figures["Suggested change"], figures["If all are approved"]) == ("+$1,030.00", "$2,230.00")


def test_a_choice_brings_its_figures_and_how_its_line_stands(three, url, ben_at):
    form = typed(ben_at.open(url), KEEP) | {f"line{three[1].pk}-choice": ["approve"], f"line{three[1].pk}-fund": ["on"]}

    response = ben_at.post(f"{url}keep/?line={three[1].pk}", form, headers=HTMX)

    assert response.status_code == 200
    for text in ("1 of 3 answered", "+$650.00", "$1,850.00", "You approve", f'id="standing-{three[1].pk}"'):
        assert text in response.text
    assert f'id="standing-{three[0].pk}"' not in response.text


def test_a_choice_on_one_line_leaves_those_made_in_another_window(three, url, ben_at):
    old = typed(ben_at.open(url), KEEP)
    answer_two(ben_at, url)

    ben_at.post(f"{url}keep/?line={three[2].pk}", old | {f"line{three[2].pk}-choice": ["approve"]}, headers=HTMX)

    page = ben_at.open(url)
    assert chosen(page) == {"3D model": "Approve", "Stress check": "Decline", "Renders": "Approve"}


def test_what_is_typed_wrongly_is_kept_too(three, url, ben_at):
    key = f"line{three[1].pk}"
    offer = {f"{key}-offer-title": ["St\0ress"], f"{key}-offer-amount": ["27O"], f"{key}-offer-due_date": ["soon"]}
    form = typed(ben_at.open(url), KEEP) | {f"{key}-choice": ["counter"]} | offer

    ben_at.post(f"{url}keep/", form)

    page = ben_at.open(url)
    assert chosen(page)["Stress check"] == "Suggest something else"
    assert [page.field(name).value for name in ("Name", "Amount", "Due date")] == ["Stress", "27O", "soon"]
    assert "0 of 3 answered" in ben_at.response.text


# --- Over the money page and back -------------------------------------------------------------------------------------
def test_the_longest_counter_offer_outlives_the_way_to_the_money(three, url, ben, ben_at):
    words = "Please add ribs. " * 1_100
    page = ben_at.open(url)
    choose(page, "3D model", "Approve")
    choose(page, "Stress check", "Suggest something else")
    page = ben_at.press(page, "Enter what you suggest Stress check")
    page.field("Amount").typed = "600"
    page.field("Description").typed = words
    page = ben_at.press(page, "Check and finish")
    away = page.link("Add $300.00").get("href")
    assert len(away) < 200
    page = ben_at.open(away)
    page.field("Play money").tick()

    page = ben_at.press(page, "Add funds")

    assert page.url.endswith("/review/check/")
    with_offer = ben_at.press(page, "Back to the review")
    assert with_offer.field("Description").value == words
    ben_at.press(page, "Approve 1, suggest 1 change, pay $300.00")
    assert [fresh(change).state for change in three] == ["accepted", "countered", "proposed"]
    assert Change.objects.get(counters=three[1]).asked.description == words
    assert balance(ben.party, "USD") == 0


def test_approving_all_outlives_the_way_to_the_money_and_leaves_the_words(three, url, ben_at):
    answer_two(ben_at, url)
    page = ben_at.press(ben_at.open(url), "Approve all 3")
    away = page.link("Add $300.00").get("href")
    page = ben_at.open(away)
    page.field("Play money").tick()

    page = ben_at.press(page, "Add funds")

    assert page.button("Approve 3, pay $300.00")
    assert ben_at.open(url).field("Reason", 1).value == "Too late"


def test_approving_all_and_back_leaves_the_answers_as_they_were(three, url, ben, ben_at):
    do.deposit(ben, "1000.00")
    answer_two(ben_at, url)
    page = ben_at.press(ben_at.open(url), "Approve all 3")

    page = ben_at.open(page.link("Back to the review").get("href"))

    assert chosen(page) == {"3D model": "Approve", "Stress check": "Decline", "Renders": ""}


def test_check_without_answers_is_the_review(three, url, ben_at):
    page = ben_at.open(f"{url}check/")

    assert page.url == url


# --- When it goes -----------------------------------------------------------------------------------------------------
def test_a_line_that_changed_is_open_again_and_says_so(contract, three, url, ben_at):
    answer_two(ben_at, url)
    do.save(contract, edit(three[1].milestone, amount="700.00"))

    page = ben_at.open(url)

    assert chosen(page) == {"3D model": "Approve", "Stress check": "", "Renders": ""}
    changed = "This has changed since you answered it. Answer it again."
    assert [changed in page.group(name).text for name in ("3D model", "Stress check", "Renders")] == [
        False,
        True,
        False,
    ]


def test_answers_outlive_one_to_all_that_is_refused(contract, three, url, ben_at):
    answer_two(ben_at, url)
    page = ben_at.press(ben_at.open(url), "Decline all 3")
    do.save(contract, edit(three[2].milestone, amount="90.00"))

    page = ben_at.press(page, "Decline 3")

    assert page.status == 409
    assert chosen(page) == {"3D model": "Approve", "Stress check": "Decline", "Renders": ""}


def test_a_page_of_before_takes_no_answer_away(three, url, ben_at):
    before = ben_at.open(url)
    answer_two(ben_at, url)
    choose(before, "Renders", "Approve")

    ben_at.press(before, KEEP)

    assert chosen(ben_at.open(url)) == {"3D model": "Approve", "Stress check": "Decline", "Renders": "Approve"}


def test_a_line_that_is_answered_again_is_not_asked_for_again(contract, three, url, ben_at):
    answer_two(ben_at, url)
    do.save(contract, edit(three[1].milestone, amount="700.00"))
    page = ben_at.open(url)
    choose(page, "Stress check", "Approve")
    choose(page, "Renders", "Decline")
    page.field("Reason", 2).typed = "x" * 2000

    page = ben_at.press(page, "Check and finish")

    assert page.status == 422
    assert "This has changed since you answered it" not in page.group("Stress check").text


def test_only_so_much_is_kept(three, url, ben_at, monkeypatch):
    answer_two(ben_at, url)
    monkeypatch.setattr(keeping, "MOST", 30)
    page = ben_at.open(url)
    page.field("Reason", 1).typed = "x" * 40

    with nothing_changes():
        page = ben_at.press(page, KEEP)

    assert page.status == 422


def test_start_again_takes_the_answers_back(three, url, ben_at):
    answer_two(ben_at, url)

    with nothing_changes():
        page = ben_at.press(ben_at.open(url), "Start again")

    assert set(chosen(page).values()) == {""}
    assert not KeptAnswers.objects.exists()


def test_sent_answers_are_kept_no_longer(three, url, ben_at):
    page = ben_at.open(url)
    choose(page, "Stress check", "Decline")
    page = ben_at.press(page, "Check and finish")
    assert KeptAnswers.objects.count() == 1

    ben_at.press(page, "Decline 1")

    assert not KeptAnswers.objects.exists()
    ben_at.open(url)
    assert "are kept" not in ben_at.response.text


@pytest.mark.parametrize("end", [do.withdraw, do.decline])
def test_nothing_is_kept_of_what_is_closed(contract, url, ben_at, end):
    change = do.propose(contract)
    page = ben_at.open(url)
    choose(page, "Stress check", "Approve")
    form = typed(page, KEEP)
    ben_at.post(f"{url}keep/", form)
    end(change)
    assert not KeptAnswers.objects.exists()

    ben_at.post(f"{url}keep/", form)

    assert not KeptAnswers.objects.exists()


def test_author_keeps_no_answer_to_an_own_line(contract, url, mara_at):
    change = do.propose(contract)
    form = {"line": change.pk, "line-revision": f"{change.pk}:1", f"line{change.pk}-choice": "approve"}

    assert mara_at.post(f"{url}keep/", form).status_code == 302
    assert not KeptAnswers.objects.exists()


@pytest.mark.parametrize("seen", ["", "1", "x:1", "9:x", f"{'9' * 30}:1"])
def test_a_made_up_revision_keeps_nothing(three, url, ben_at, seen):
    form = {"line": three[0].pk, "line-revision": seen, f"line{three[0].pk}-choice": "approve"}

    assert ben_at.post(f"{url}keep/?line={seen}", form).status_code == 302
    assert not KeptAnswers.objects.exists()
