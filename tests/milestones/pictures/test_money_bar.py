"""The bar of the money: shares that add up, the smallest amount still seen."""

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from milestones.pages.charts import money_bar
from milestones.plan import Money

AMOUNTS = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("999999999.99")]) | st.decimals(
    0, Decimal("999999999.99"), places=2
)


def parts(**amounts: str) -> dict[str, tuple[str, str]]:
    names = ("paid", "in_escrow", "not_funded", "suggested")
    money = Money(**{name: Decimal(amounts.get(name, 0)) for name in names})
    return {segment.kind: (segment.start, segment.share) for segment in money_bar(money, "USD").segments}


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.booleans())
def test_shares_fill_the_bar_in_order(paid, in_escrow, not_funded, suggested, is_less):
    suggested = -min(suggested, not_funded) if is_less else suggested
    assume(paid or in_escrow or not_funded or suggested)

    segments = money_bar(Money(paid, in_escrow, not_funded, suggested), "USD").segments

    end = 0.0
    for segment in segments:
        start, share = float(segment.start[:-1]), float((segment.share or "0%")[:-1])
        assert abs(start - end) < 0.02
        assert not segment.share or share > 0.9
        end = start + share
    assert abs(end - 100) < 0.02


def test_amounts_of_nothing_are_named_and_not_drawn():
    assert parts(paid="10", not_funded="30") == {
        "paid": ("0.00%", "25.00%"),
        "escrow": ("25.00%", ""),
        "unfunded": ("25.00%", "75.00%"),
    }


def test_what_is_suggested_comes_on_top():
    assert parts(not_funded="75", suggested="25")["suggested"] == ("75.00%", "25.00%")


def test_what_is_suggested_to_go_is_a_part_of_what_is_not_funded():
    found = parts(paid="50", not_funded="50", suggested="-20")

    assert (found["unfunded"], found["suggested"]) == (("50.00%", "30.00%"), ("80.00%", "20.00%"))


def test_bar_of_nothing():
    assert [segment.share for segment in money_bar(Money(*[Decimal()] * 4), "JPY").segments] == ["", "", ""]


def test_words_hold_every_amount():
    money = Money(Decimal(400), Decimal(0), Decimal(1150), Decimal(-250))

    assert money_bar(money, "JPY").words == (
        "Paid: ¥400, In escrow: ¥0, Not funded yet: ¥1,150, Suggested, net: \N{MINUS SIGN}¥250"
    )
