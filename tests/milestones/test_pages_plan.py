"""The plan on the contract's page: three views, what is settled, what was sent back, and several funded at once."""

import uuid

import pytest
from django.urls import reverse

from escrow.queries import balance
from milestones.models import Milestone
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.browsing import typed
from tests.milestones.in_person import texts
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Invalid, NotYours, Stale, WrongMoment

NAMES = ("Agreed", "With suggestions", "If approved")


@pytest.fixture
def suggested(contract) -> list[Milestone]:
    """$1,200.00 and $900.00 agreed; +$300.00, one to be removed, and $650.00 new."""
    model = milestone_at(State.ACCEPTED, contract, title="Model", amount="1200.00")
    drawings = milestone_at(State.ACCEPTED, contract, title="Drawings", amount="900.00")
    do.save(
        contract, edit(model, amount="1500.00", description="More"), remove(drawings), add("Stress check", "650.00")
    )
    return [model, drawings]


@pytest.fixture
def url(contract) -> str:
    return contract.get_absolute_url()


def rows(page) -> list[str]:
    items = [item for item in page.root.all("li") if item.get("id").startswith("milestone-")]
    return [item.all("h3")[0].text for item in items]


def test_three_views_of_the_plan(suggested, url, ben_at):
    page = ben_at.open(url)
    views = {name: ben_at.open(url + page.link(name).get("href")) for name in NAMES}

    assert {name: rows(view) for name, view in views.items()} == {
        "Agreed": ["Model", "Drawings"],
        "With suggestions": ["Model", "Drawings", "Stress check"],
        "If approved": ["Model", "Stress check"],
    }
    sums = {name: next(p.text for p in view.root.all("p") if p.text.startswith("$")) for name, view in views.items()}
    agreed = "$2,100.00 agreed"
    assert sums == dict(zip(NAMES, (agreed, agreed, "$2,150.00 if all is approved (+$50.00)"), strict=True))
    current = {name: [link.text for link in view.links if link.has("aria-current")] for name, view in views.items()}
    assert {name: name in found for name, found in current.items()} == dict.fromkeys(NAMES, True)


def test_cloud_says_old_and_new(suggested, url, mara_at):
    page = mara_at.open(url)

    clouds = texts(page, "div", css="cloud")
    assert clouds == [
        "Revision C Amount: $1,200.00 → $1,500.00 The description changes. See it Model",
        "Revision C To be removed: $900.00 See it Drawings",
    ]


def test_view_of_agreed_terms_has_no_cloud_and_the_last_one_offers_nothing(suggested, url, ben_at):
    agreed, approved = (ben_at.open(url, plan=view) for view in ("agreed", "approved"))

    assert [texts(page, "div", css="cloud") for page in (agreed, approved)] == [[], []]
    assert "$1,500.00" in ben_at.response.text
    assert approved.named("Fund", approved.buttons) == []


@pytest.mark.parametrize("view", ["", "x", "agreed", "approved"])
def test_plan_without_suggestions_has_one_view(contract, url, ben_at, view):
    milestone_at(State.ACCEPTED, contract)

    page = ben_at.open(url, plan=view)

    assert [page.named(name, page.links) for name in NAMES] == [[], [], []]
    assert page.button("Fund")


@pytest.mark.parametrize(("paid", "folded"), [(2, []), (3, ["3 paid, $300.00"])])
def test_settled_milestones_fold(contract, url, ben_at, paid, folded):
    for number in range(paid):
        milestone_at(State.PAID, contract, title=f"Part {number}", amount="100.00")
    milestone_at(State.ACCEPTED, contract, title="Next")

    page = ben_at.open(url)

    assert [summary.text for summary in page.root.all("summary") if "paid" in summary.text] == folded
    assert len(rows(page)) == paid + 1


# --- Work that was sent back ------------------------------------------------------------------------------------------
@pytest.fixture
def returned(contract) -> Milestone:
    milestone = milestone_at(State.SUBMITTED, contract, title="Model")
    do.request_changes(milestone, note="Make the wall *thicker*.")
    return milestone


def test_what_should_change_stays_where_the_work_is_done(contract, returned, url, ben_at, mara_at):
    for visitor in (ben_at, mara_at):
        page = visitor.open(url)
        (quote,) = texts(page, "blockquote")
        assert quote.startswith("Make the wall *thicker*. Ben, ")
        assert "Changes asked" in visitor.response.text

    page = mara_at.open(page.link("Submit again Model").get("href"))
    assert texts(page, "blockquote") == [quote]


def test_what_should_change_is_gone_when_the_work_is_submitted_again(returned, url, ben_at):
    do.submit(returned)

    page = ben_at.open(url)

    assert (texts(page, "blockquote"), "Changes asked" in ben_at.response.text) == ([], False)


def test_what_should_change_is_the_last_word(returned, url, ben_at):
    do.submit(returned)
    do.request_changes(returned, note="And the flange.")

    assert texts(ben_at.open(url), "blockquote")[0].startswith("And the flange.")


# --- Several at once --------------------------------------------------------------------------------------------------
@pytest.fixture
def two(contract) -> list[Milestone]:
    return [milestone_at(State.ACCEPTED, contract, title=title, amount="300.00") for title in ("Model", "Drawings")]


def test_several_are_funded_in_one_go(contract, two, url, ben, mara, ben_at):
    do.deposit(ben, "1000.00")
    page = ben_at.open(ben_at.open(url).link("Fund several").get("href"))
    mara.notifications.all().delete()

    page = ben_at.press(page, "Fund 2 milestones, $600.00")

    assert "2 milestones funded. Mara has been told." in ben_at.response.text
    assert [fresh(milestone).state for milestone in two] == ["funded", "funded"]
    assert balance(ben.party, "USD") == 400
    (told,) = mara.notifications.all()
    assert [title in told.text for title in ("Model", "Drawings")] == [True, True]


def test_button_never_pays_another_sum_than_it_says(contract, two, ben, ben_at):
    do.deposit(ben, "1000.00")
    page = ben_at.open(reverse("milestones:fund_several", args=[contract.pk]))
    del page.field("2. Drawings").attributes["checked"]

    with nothing_changes():
        page = ben_at.press(page, "Fund 2 milestones, $600.00")

    assert page.status == 409
    ben_at.press(page, "Fund 1 milestone, $300.00")
    assert [fresh(milestone).state for milestone in two] == ["funded", "accepted"]


def test_several_without_balance_leads_to_the_money_and_back(contract, two, ben, ben_at):
    do.deposit(ben, "500.00")
    page = ben_at.open(reverse("milestones:fund_several", args=[contract.pk]))

    assert page.named("Fund", page.buttons) == []
    page = ben_at.open(page.link("Add $100.00").get("href"))
    page.field("Play money").tick()
    page = ben_at.press(page, "Add funds")
    ben_at.press(page, "Fund 2 milestones, $600.00")

    assert balance(ben.party, "USD") == 0


def test_choice_of_several_outlives_the_way_to_the_money(contract, two, ben, ben_at):
    page = ben_at.open(reverse("milestones:fund_several", args=[contract.pk]))
    del page.field("2. Drawings").attributes["checked"]
    page = ben_at.press(page, "Add up")
    page = ben_at.open(page.link("Add $300.00").get("href"))
    page.field("Play money").tick()

    page = ben_at.press(page, "Add funds")

    assert page.button("Fund 1 milestone, $300.00")


def test_several_that_changed_meanwhile_are_stale(contract, two, ben, ben_at):
    do.deposit(ben, "1000.00")
    page = ben_at.open(reverse("milestones:fund_several", args=[contract.pk]))
    do.fund(two[0])

    with nothing_changes():
        page = ben_at.press(page, "Fund 2 milestones, $600.00")

    assert page.status == 409
    assert page.button("Fund 1 milestone, $300.00")


def test_several_posted_twice_are_funded_once(contract, two, ben, ben_at):
    do.deposit(ben, "1000.00")
    page = ben_at.open(reverse("milestones:fund_several", args=[contract.pk]))
    form = typed(page, "Fund 2 milestones, $600.00")

    assert [ben_at.post(page.url, form).status_code for _ in range(2)] == [302, 302]
    assert balance(ben.party, "USD") == 400


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"by": "mara"}, NotYours),
        ({"milestones": []}, Invalid),
        ({"milestones": [999]}, WrongMoment),
        ({"seen": 0}, Stale),
    ],
)
def test_several_are_refused_together(contract, two, ben, mara, change, kind):
    do.deposit(ben, "1000.00")
    given = {"by": ben, "milestones": [each.pk for each in two], "seen": fresh(contract).plan_revision} | change
    given["by"] = mara if given["by"] == "mara" else ben

    with refused(kind):
        do.actions.fund_several(contract, given.pop("milestones"), key=uuid.uuid4(), **given)


def test_one_that_waits_for_an_answer_holds_all(contract, two, ben):
    do.deposit(ben, "1000.00")
    do.suggest(two[1], amount="400.00")
    seen = fresh(contract).plan_revision

    with refused(WrongMoment):
        do.actions.fund_several(contract, [each.pk for each in two], by=ben, seen=seen, key=uuid.uuid4())
