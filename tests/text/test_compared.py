"""What differs is compared once; a page reads it in one query, and compares no more than it has work for."""

import pytest

from tests import factories as do
from text import compared
from text.compared import Compared
from text.difference import Piece, Work, whole, word_diff
from text.models import Difference

pytestmark = pytest.mark.django_db


def text(number: int, *, is_changed: bool = False) -> str:
    """Long, and of its own words."""
    return " ".join(f"w{number}-{word}{'x' * is_changed * (word == 50)}" for word in range(200))


PAIRS = [(text(number), text(number, is_changed=True)) for number in range(3)]


@pytest.fixture
def comparisons(monkeypatch) -> list[tuple[str, str]]:
    made = []

    def count(before: str, after: str, work: Work) -> list[Piece]:
        made.append((before, after))
        return word_diff(before, after, work)

    monkeypatch.setattr(compared, "word_diff", count)
    return made


def test_compared_compares_each_pair_once(comparisons, django_assert_num_queries):
    first = [Compared(PAIRS).pieces(*pair) for pair in PAIRS]

    with django_assert_num_queries(1):
        page = Compared(PAIRS)
        again = [page.pieces(*pair) for pair in PAIRS]

    assert comparisons == PAIRS
    assert first == again == [word_diff(*pair) for pair in PAIRS]


def test_compared_keeps_nothing_of_short_texts(comparisons, django_assert_num_queries):
    with django_assert_num_queries(0):
        pieces = Compared([("a b", "a c")]).pieces("a b", "a c")

    assert pieces == [Piece("=", "a"), Piece("-", " b"), Piece("+", " c")]


def test_compared_shows_whole_what_goes_beyond_the_work_of_a_page(comparisons):
    pairs = [(" ".join(f"a{n}-{m}" for m in range(5000)), f"{n} " + "b " * 9000) for n in range(12)]
    page = Compared(pairs)
    page.pieces(*pairs[0])

    kept = Difference.objects.count()
    assert 1 <= kept < len(pairs)
    assert page.pieces(*pairs[-1]) == whole(*pairs[-1])
    assert len(comparisons) == kept + 1


def test_compared_comes_to_the_end_of_a_page_in_some_visits():
    pairs = [(" ".join(f"a{n}-{m}" for m in range(5000)), f"{n} " + "b " * 9000) for n in range(12)]
    for _visit in pairs:
        Compared(pairs).pieces(*pairs[0])

    assert Difference.objects.count() == len(pairs)


def test_a_page_with_a_long_change_is_compared_once(comparisons, as_):
    milestone = do.milestone_at("accepted", description=PAIRS[0][0])
    contract = milestone.contract
    change = do.suggest(milestone, description=PAIRS[0][1])
    for _visit in range(2):
        as_(contract.client.person).get(f"{contract.get_absolute_url()}review/")
    do.decline(change)
    as_(contract.client.person).get(change.amendment.get_absolute_url())

    assert comparisons.count(PAIRS[0]) == 1
