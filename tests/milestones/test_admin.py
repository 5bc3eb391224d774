import re
import uuid

import pghistory
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escrow.models import Transfer
from escrow.queries import balance
from messaging import actions as messaging
from milestones.admin import plan
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from staff import history
from tests.factories import (
    ContractFactory,
    UserFactory,
    approve,
    decline,
    end,
    fresh,
    milestone_at,
    propose,
    suggest,
    suggest_removal,
)
from tests.milestones.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

State = Milestone.State
LISTS = {
    "contract": "/admin/contracts/contract/",
    "milestone": "/admin/milestones/milestone/",
    "amendment": "/admin/milestones/amendment/",
    "change": "/admin/milestones/change/",
}
TRANSFERS = "/admin/escrow/transfer/"
AGAINST_THE_POLICY = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")


@pytest.fixture
def reader():
    """Staff who may look at everything and change nothing."""
    person = UserFactory.create(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return person


def page(row, name: str = "change") -> str:
    return f"{LISTS[row._meta.model_name]}{row.pk}/{name}/"


def act(client, row, verb: str, **fields: str):
    asked = client.get(page(row, verb))
    form = asked.context["adminform"].form if asked.status_code == 200 else None
    hidden = {name: form[name].value() for name in ("key", "seen")} if form else seen_now(row)
    return client.post(page(row, verb), {"reason": "Both of you agreed", **hidden, **fields}, follow=True)


def seen_now(row) -> dict[str, object]:
    """What the page of an act carries that is opened now."""
    contract = row.contract if isinstance(row, Milestone) else row
    return {"key": uuid.uuid4(), "seen": fresh(contract).plan_revision}


def buttons(client, row) -> list[str]:
    return [button["label"] for button in client.get(page(row)).context["acts"]]


def refusal(reply) -> list[str]:
    return [str(sentence) for sentence in reply.context["adminform"].form.non_field_errors()]


def found(client, url: str, **query: object) -> list[object]:
    return list(client.get(url, query).context["cl"].result_list)


def queries(client, url: str) -> int:
    client.get(url)  # the first look also fills caches
    with CaptureQueriesContext(connection) as taken:
        client.get(url)
    return len(taken)


# --- Read -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State.values)
def test_pages_open_in_every_state(contract, staff, as_, state):
    milestone = milestone_at(state, contract, title="Concept sketches")
    client = as_(staff)

    for row in (contract, milestone, *Amendment.objects.all(), *Change.objects.all()):
        reply = client.get(page(row))
        assert reply.status_code == 200
        assert "Concept sketches" in reply.text
        assert not AGAINST_THE_POLICY.search(reply.text)
    for url in LISTS.values():
        reply = client.get(url)
        assert reply.context["cl"].result_count > 0
        assert not AGAINST_THE_POLICY.search(reply.text)


def test_pages_open_for_each_kind_of_change(contract, staff, as_):
    changes = [
        suggest(milestone_at(State.FUNDED, contract), amount="150.00", description="Thicker wall. " * 20),
        suggest_removal(milestone_at(State.ACCEPTED, contract)),
        propose(contract),
    ]
    decline(changes[0], reason="Too much")
    client = as_(staff)

    texts = [client.get(page(change)).text for change in changes]

    assert "+$50.00" in texts[0]
    assert "Too much" in texts[0]
    assert "−$100.00" in texts[1]
    assert "+$100.00" in texts[2]


def test_milestone_shows_its_price_and_what_is_in_escrow(contract, staff, as_):
    funded = milestone_at(State.FUNDED, contract, amount="1200.00")
    paid = milestone_at(State.PAID, contract, amount="80.00")

    listed = as_(staff).get(LISTS["milestone"]).text

    assert re.findall(r'class="field-(?:price|held)">([^<]*)<', listed) == ["$80.00", "$0.00", "$1,200.00", "$1,200.00"]
    assert f"/admin/escrow/account/{funded.escrow_id}/" in as_(staff).get(page(funded)).text
    assert paid.escrow_id


def test_contract_leads_to_all_that_belongs_to_it(contract, ben, staff, as_):
    suggest(milestone_at(State.FUNDED, contract), amount="150.00")
    messaging.post(contract, by=ben, text="Hello", client_id=uuid.uuid4())
    other = milestone_at(State.FUNDED)
    messaging.post(other.contract, by=other.contract.client.person, text="Hello", client_id=uuid.uuid4())
    client = as_(staff)

    parts = client.get(page(contract)).context["parts"]

    counts = {str(part["label"]): part["count"] for part in parts}
    assert counts == {"milestones": 1, "revisions": 2, "suggestions": 2, "messages": 1, "transfers": 1, "events": 4}
    assert [client.get(part["url"]).context["cl"].result_count for part in parts] == list(counts.values())


def test_milestone_leads_to_its_money(contract, staff, as_):
    milestone = milestone_at(State.PAID, contract)
    milestone_at(State.FUNDED, contract)
    client = as_(staff)

    parts = {str(part["label"]): part for part in client.get(page(milestone)).context["parts"]}

    transfers = client.get(parts["transfers"]["url"]).context["cl"].result_list
    assert [transfer.kind for transfer in transfers] == ["release", "funding"]
    assert parts["transfers"]["count"] == 2


@pytest.mark.parametrize("words", ["concept", "Pump", "Okafor"])
def test_ledger_is_found_by_milestone_contract_and_people(contract, staff, as_, words):
    milestone_at(State.FUNDED, contract, title="Concept sketches")
    milestone_at(State.FUNDED, ContractFactory(title="Brochure"), title="Cover")

    kinds = [transfer.kind for transfer in found(as_(staff), TRANSFERS, q=words)]

    assert "funding" in kinds
    assert kinds.count("funding") == 1


def test_transfer_names_its_milestone_and_its_contract(contract, staff, as_):
    milestone = milestone_at(State.FUNDED, contract, title="Concept sketches")
    transfer = Transfer.objects.get(kind="funding")
    client = as_(staff)

    html = client.get(f"{TRANSFERS}{transfer.pk}/change/").text

    for row, name in ((milestone, "Concept sketches"), (contract, contract.title)):
        assert f'<a href="{page(row)}">{name}</a>' in html
    assert f'<a href="{page(milestone)}">Concept sketches</a>' in client.get(TRANSFERS).text


def test_ledger_takes_the_same_queries_for_one_and_many(staff, as_):
    milestone_at(State.PAID)
    client = as_(staff)
    of_one = queries(client, TRANSFERS)
    milestone_at(State.PAID)
    milestone_at(State.REFUNDED)

    assert queries(client, TRANSFERS) == of_one


def test_contract_shows_its_plan(contract, staff, as_):
    milestone = milestone_at(State.FUNDED, contract, title="Concept sketches", amount="400.00")

    html = as_(staff).get(page(contract)).text

    assert "Concept sketches" in html
    assert "$400.00" in html
    assert page(milestone) in html


def test_contract_leaves_a_very_long_plan_to_its_list(contract, staff, as_, monkeypatch):
    monkeypatch.setattr(plan, "LONGEST", 1)
    for _ in range(2):
        milestone_at(State.PROPOSED, contract, title="Concept sketches")

    reply = as_(staff).get(page(contract))

    assert "Concept sketches" not in reply.text
    assert reply.context["parts"][0]["count"] == 2


@pytest.mark.parametrize("words", ["concept", "Pump", "Okafor", "ben@example", "Lindqvist"])
@pytest.mark.parametrize("name", LISTS)
def test_lists_find_by_title_and_people(contract, staff, as_, name, words):
    change = propose(contract, title="Concept sketches")
    propose(ContractFactory.create(title="Bracket"), title="Drawing")
    rows = {"contract": contract, "milestone": change.milestone, "amendment": change.amendment, "change": change}
    has_no_such_words = words == "concept" and name in ("contract", "amendment")

    assert found(as_(staff), LISTS[name], q=words) == ([] if has_no_such_words else [rows[name]])


def test_lists_filter_by_state_and_currency(contract, staff, as_):
    funded = milestone_at(State.FUNDED, contract)
    euros = milestone_at(State.PROPOSED, ContractFactory.create(currency="EUR"))
    client = as_(staff)

    assert found(client, LISTS["milestone"], state__exact="funded") == [funded]
    assert found(client, LISTS["milestone"], contract__currency__exact="EUR") == [euros]
    assert found(client, LISTS["change"], state__exact="proposed") == [euros.changes.get()]
    assert found(client, LISTS["change"], kind__exact="add", amendment__contract__currency="USD") == [
        funded.changes.get()
    ]
    assert found(client, LISTS["amendment"], open="1") == [euros.changes.get().amendment]
    assert found(client, LISTS["amendment"], open="0") == [funded.changes.get().amendment]


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_queries_for_one_and_many(staff, as_, name):
    client = as_(staff)
    milestone_at(State.FUNDED)
    with_one = queries(client, LISTS[name])
    for state in (State.PROPOSED, State.PAID, State.REFUNDED):
        milestone_at(state)

    assert queries(client, LISTS[name]) == with_one <= 8


def test_pages_take_the_same_queries_for_short_and_long_plans(contract, staff, as_):
    client = as_(staff)
    milestone = milestone_at(State.FUNDED, contract)
    rows = (contract, milestone, milestone.changes.get(), milestone.changes.get().amendment)
    with_one = [queries(client, page(row)) for row in rows]
    for state in (State.PROPOSED, State.PAID, State.REFUNDED):
        milestone_at(state, contract)
    decline(suggest(milestone, amount="150.00"))

    assert [queries(client, page(row)) for row in rows] == with_one
    assert max(with_one) <= 16


# --- History ----------------------------------------------------------------------------------------------------------
def test_history_shows_what_changed_and_who_did_it(contract, ben, staff, as_):
    change = propose(contract, title="Concept sketches", amount="400.00")
    with pghistory.context(user=ben.pk):  # as the middleware does
        approve(change)

    versions = as_(staff).get(page(change.milestone)).context["history"].versions
    assert [(version.what, version.by) for version in versions] == [("Changed", "Ben Okafor"), ("Made", "The site")]
    assert [[cell.text for cell in version.cells][:3] for version in versions] == [
        ["Not funded yet", "Concept sketches", "$400.00"],
        ["Proposed", "Concept sketches", "$400.00"],
    ]
    assert [cell.is_new for cell in versions[0].cells] == [True, False, False, False, False, False]


def test_history_comes_in_pages(contract, staff, as_, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 2)
    milestone = milestone_at(State.PAID, contract)
    client = as_(staff)

    pages, before = [], None
    while not pages or before:
        read = client.get(page(milestone), {"before": before} if before else {}).context["history"]
        pages.append([version.cells[0].text for version in read.versions])
        before = read.older

    assert pages == [["Paid", "In escrow, in review"], ["In escrow", "Not funded yet"], ["Proposed"]]


def test_history_of_a_change_shows_its_answer(contract, staff, as_):
    change = suggest(milestone_at(State.FUNDED, contract), amount="150.00")
    decline(change, reason="Too much")

    versions = as_(staff).get(page(change)).context["history"].versions

    assert [version.cells[0].text for version in versions] == ["Declined", "Waiting for an answer"]
    assert [version.cells[-1].text for version in versions] == ["Too much", "-"]


# --- Read-only --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.PROPOSED, State.FUNDED, State.PAID])
def test_nothing_is_written_or_deleted(contract, staff, as_, state):
    milestone = milestone_at(state, contract, title="Concept sketches", amount="400.00")
    change = milestone.changes.get()
    client = as_(staff)
    wrong = {"title": "Mine", "amount": "1", "state": "paid", "base_amount": "1", "asked_amount": "1", "revision": "9"}

    replies = []
    for row in (milestone, change, change.amendment):
        replies += [
            client.post(page(row), wrong),
            client.post(page(row, "delete"), {"post": "yes"}),
            client.post(f"{LISTS[row._meta.model_name]}add/", wrong),
        ]
        client.post(
            LISTS[row._meta.model_name],
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )
        assert "delete_selected" not in client.get(LISTS[row._meta.model_name]).text

    assert [reply.status_code for reply in replies] == [403] * 9
    now = fresh(milestone)
    assert (now.title, now.amount, now.state) == ("Concept sketches", 400, state)
    assert fresh(change).asked == change.asked
    assert fresh(change.amendment).revision == change.amendment.revision


@pytest.mark.parametrize("who", ["ben", "mara", "carol"])
def test_pages_are_for_staff(contract, as_, request, who):
    milestone = milestone_at(State.FUNDED, contract, title="Concept sketches")
    client = as_(request.getfixturevalue(who))

    for url in (*LISTS.values(), page(milestone), page(milestone, "refund"), page(contract, "end")):
        reply = client.get(url)
        assert reply.status_code in (302, 403)
        assert "Concept sketches" not in reply.text
    assert client.post(page(milestone, "refund"), {"reason": "Mine", "key": uuid.uuid4()}).status_code in (302, 403)
    assert fresh(milestone).state == State.FUNDED


# --- Refund -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State.values)
def test_refund_is_offered_where_the_machine_allows_it(contract, staff, as_, state):
    milestone = milestone_at(state, contract)

    assert buttons(as_(staff), milestone) == (["Refund"] if state in (State.FUNDED, State.SUBMITTED) else [])


def test_refund_says_what_will_happen_and_asks_why(contract, staff, as_):
    reply = as_(staff).get(page(milestone_at(State.FUNDED, contract, amount="400.00"), "refund"))

    assert "$400.00 goes from escrow back to Ben Okafor." in reply.text
    assert not AGAINST_THE_POLICY.search(reply.text)


def test_refund_moves_the_money_and_tells_both(contract, ben, mara, staff, as_):
    milestone = milestone_at(State.SUBMITTED, contract, amount="400.00")
    Notification.objects.all().delete()

    reply = act(as_(staff), milestone, "refund")

    assert reply.redirect_chain == [(page(milestone), 302)]
    assert [str(message) for message in reply.context["messages"]] == ["Refunded. Both sides have been told."]
    assert (fresh(milestone).state, balance(ben.party, "USD")) == (State.REFUNDED, 400)
    assert set(Notification.objects.values_list("recipient", flat=True)) == {ben.pk, mara.pk}
    assert "Both of you agreed" in Notification.objects.first().text


def test_refund_is_logged_with_its_reason(contract, staff, as_):
    milestone = milestone_at(State.FUNDED, contract)
    client = as_(staff)

    act(client, milestone, "refund")

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (staff, str(milestone.pk))
    assert entry.get_change_message() == "Refunded. Both sides have been told. Reason: Both of you agreed"
    newest = client.get(page(milestone)).context["history"].versions[0]
    assert (newest.by, newest.reason, newest.cells[0].text) == ("Sam Staff", "Both of you agreed", "Refunded")
    assert "Both of you agreed" in client.get(page(milestone, "history")).text


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_refund_needs_a_fitting_reason(contract, staff, as_, reason):
    milestone = milestone_at(State.FUNDED, contract)

    reply = act(as_(staff), milestone, "refund", reason=reason)

    assert reply.status_code == 422
    assert "reason" in reply.context["adminform"].form.errors
    assert fresh(milestone).state == State.FUNDED
    assert not LogEntry.objects.exists()


def test_refund_refuses_what_is_paid(contract, mara, staff, as_):
    milestone = milestone_at(State.PAID, contract, title="Concept sketches")
    client = as_(staff)

    asked = client.get(page(milestone, "refund"), follow=True)
    reply = act(client, milestone, "refund")

    assert [str(message) for message in asked.context["messages"]] == ["That cannot be done now."]
    assert (reply.status_code, refusal(reply)) == (
        409,
        ["“Concept sketches” is paid now, so this cannot be done any more."],
    )
    assert fresh(milestone).state == State.PAID
    assert not Transfer.objects.filter(kind="refund").exists()
    assert not LogEntry.objects.exists()


def test_refund_form_sent_twice_acts_once(contract, ben, staff, as_):
    milestone = milestone_at(State.FUNDED, contract, amount="400.00")
    client = as_(staff)
    form = {"reason": "Both of you agreed", **seen_now(milestone)}

    replies = [client.post(page(milestone, "refund"), form) for _ in range(2)]

    assert [(reply.status_code, reply.url) for reply in replies] == [(302, page(milestone))] * 2
    assert balance(ben.party, "USD") == 400
    assert LogEntry.objects.count() == 1


def test_refund_is_not_for_staff_who_are_a_party(staff, mara, as_):
    milestone = milestone_at(State.FUNDED, ContractFactory.create(client=staff, freelancer=mara))
    client = as_(staff)

    reply = act(client, milestone, "refund")

    assert buttons(client, milestone) == []
    assert reply.status_code == 403
    assert fresh(milestone).state == State.FUNDED


def test_refund_is_not_for_those_who_only_look(contract, reader, as_):
    milestone = milestone_at(State.FUNDED, contract)
    client = as_(reader)

    assert buttons(client, milestone) == []
    assert client.get(page(milestone, "refund")).status_code == 403
    assert act(client, milestone, "refund").status_code == 403
    assert fresh(milestone).state == State.FUNDED


def test_acts_on_what_is_not_there_are_404(staff, as_):
    assert as_(staff).get("/admin/milestones/milestone/99/refund/").status_code == 404


# --- End contract -----------------------------------------------------------------------------------------------------
def test_end_contract_closes_it_and_tells_both(contract, ben, mara, staff, as_):
    change = propose(contract)
    Notification.objects.all().delete()
    client = as_(staff)
    assert buttons(client, contract) == ["End contract"]

    reply = act(client, contract, "end")

    assert [str(message) for message in reply.context["messages"]] == ["Ended. Both sides have been told."]
    assert (fresh(contract).state, fresh(change).state) == ("ended", "closed")
    assert set(Notification.objects.values_list("recipient", "text")) == {
        (
            person.pk,
            "Tranche staff (Sam) closed 1 suggestion of Mara that waited for an answer. "
            "Tranche staff (Sam) ended the contract: “Both of you agreed”",
        )
        for person in (ben, mara)
    }
    assert LogEntry.objects.get().get_change_message().endswith("Reason: Both of you agreed")
    assert buttons(client, contract) == []


def test_end_contract_needs_a_reason(contract, staff, as_):
    assert act(as_(staff), contract, "end", reason=" ").status_code == 422
    assert fresh(contract).state == "active"


def test_end_contract_is_refused_while_money_is_in_escrow(contract, staff, as_):
    milestone_at(State.FUNDED, contract)

    reply = act(as_(staff), contract, "end")

    assert (reply.status_code, refusal(reply)) == (
        409,
        ["Money is in escrow. Release or refund each funded milestone first."],
    )
    assert "Both of you agreed" in reply.text
    assert fresh(contract).state == "active"
    assert not LogEntry.objects.exists()


def test_end_contract_form_sent_twice_acts_once(contract, staff, as_):
    client = as_(staff)
    form = {"reason": "Both of you agreed", **seen_now(contract)}

    replies = [client.post(page(contract, "end"), form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [302, 302]
    assert LogEntry.objects.count() == 1


def test_end_contract_is_refused_when_it_has_ended(contract, staff, as_):
    end(contract, reason="Another")

    reply = as_(staff).post(page(contract, "end"), {"reason": "Both of you agreed", **seen_now(contract)})

    assert (reply.status_code, LogEntry.objects.count()) == (409, 0)


# --- What staff did not see -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["refund", "end"])
def test_act_of_staff_from_an_older_page_is_refused_and_then_goes(contract, staff, as_, verb):
    milestone = milestone_at(State.FUNDED if verb == "refund" else State.ACCEPTED, contract)
    row, client = (milestone if verb == "refund" else contract), as_(staff)
    older = seen_now(row)
    propose(contract)

    with nothing_changes():
        reply = client.post(page(row, verb), {"reason": "Both of you agreed", **older})

    assert (reply.status_code, refusal(reply)) == (409, ["This changed while you were reading. Nothing was applied."])
    assert not LogEntry.objects.exists()
    form = reply.context["adminform"].form
    again = {name: form[name].value() for name in ("reason", "key", "seen")}
    assert client.post(page(row, verb), again).status_code == 302


def test_contract_of_one_s_own_is_not_ended_by_staff(staff, mara, as_):
    contract = ContractFactory.create(client=staff, freelancer=mara)
    client = as_(staff)

    assert buttons(client, contract) == []
    assert act(client, contract, "end").status_code == 403
    assert fresh(contract).state == "active"


def test_acts_of_staff_say_what_they_close(contract, staff, as_):
    milestone = milestone_at(State.FUNDED, contract)
    client, sentence = as_(staff), "1 suggestion that waits for an answer is closed with it."
    assert sentence not in client.get(page(milestone, "refund")).text

    suggest(milestone, title="Other")

    assert sentence in client.get(page(milestone, "refund")).text
    assert sentence in client.get(page(contract, "end")).text
