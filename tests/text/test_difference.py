"""Two texts, word by word; what is dear to compare is shown whole."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text import difference
from text.difference import ENOUGH_FOR_ONE, MOST_WORK, Piece, Work, whole, word_diff


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("STEP", "Native STEP", [("+", "Native "), ("=", "STEP")]),
        ("Native STEP", "STEP", [("-", "Native "), ("=", "STEP")]),
        ("STEP", "STEP and native", [("=", "STEP"), ("+", " and native")]),
        ("one two", "uno dos", [("-", "one two"), ("+", "uno dos")]),
        ("a b", "a  b", [("=", "a"), ("-", " b"), ("+", "  b")]),
        ("6,200 words", "7,050 words", [("-", "6,200"), ("+", "7,050"), ("=", " words")]),
        ("1.5 mm, 2 mm.", "1.6 mm, 2 mm.", [("-", "1.5"), ("+", "1.6"), ("=", " mm, 2 mm.")]),
        ("", "New", [("+", "New")]),
        ("Old", "", [("-", "Old")]),
    ],
)
def test_word_diff_names_what_was_added_and_removed(before, after, pieces):
    assert word_diff(before, after) == [Piece(*piece) for piece in pieces]


def test_word_diff_leaves_out_long_unchanged_stretches():
    same = " ".join(f"word{number}" for number in range(100))

    head, gap, tail, added = word_diff(same, f"{same} more")

    assert (head.text, tail.text) == (same[: same.index(" word24")], same[same.index("word78") :])
    assert (head.sign, gap.sign, tail.sign, added) == ("=", "…", "=", Piece("+", " more"))
    assert (head.text + gap.text + tail.text, gap.words) == (same, 54)


@settings(max_examples=200)
@given(*[st.text("ab \n.,", max_size=60)] * 2, st.sampled_from(["", "x" * 900, "one two\n" * 120]))
def test_word_diff_holds_both_texts(before, after, same):
    before, after = before + same, after + same

    pieces = word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.sign in "=…-") == before
    assert "".join(piece.text for piece in pieces if piece.sign in "=…+") == after


SIGNS = "!#$%&()*+,-./:;<=>?@[]^_`{|}~"


def among_signs(words: list[str], seed: int) -> str:
    """Words, each between other signs than in the other text."""
    signs = random.Random(seed)  # noqa: S311
    return "".join(f"{word} {signs.choice(SIGNS)}{signs.choice(SIGNS)}" for word in words)


UNIQUE = [f"w{number}" for number in range(1400)]
LONG = [
    (" ".join(f"a{n}" for n in range(4000)), " ".join(f"b{n}" for n in range(4000))),
    ("".join(f"a{n}, " for n in range(3000)), "".join(f"b{n}, " for n in range(3000))),
    ("a\n" * 10_000, "b\n" + "a\n" * 9_999),
    ("." * 20_000, "," + "." * 19_999),
    ("x " * 10_000, "y x " * 5_000),
    (among_signs(UNIQUE, 1), among_signs(UNIQUE, 2)),
    (" ".join(UNIQUE), " ".join(reversed(UNIQUE))),
]


@pytest.fixture
def walked(monkeypatch) -> list[int]:
    """The words that are really looked at, and the pairs of words that are compared, each time the longest run of equal
    words is looked for."""
    steps = []
    find = difference.difflib.SequenceMatcher.find_longest_match

    def count(self, alo=0, ahi=None, blo=0, bhi=None):
        steps.append(ahi - alo + sum(len(self.b2j.get(word, ())) for word in self.a[alo:ahi]))
        return find(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(difference.difflib.SequenceMatcher, "find_longest_match", count)
    return steps


@pytest.mark.parametrize(("before", "after"), LONG, ids=["words", "commas", "lines", "dots", "half", "signs", "turned"])
def test_word_diff_of_two_long_texts_does_no_more_than_its_work(before, after, walked):
    """Each of these took between two seconds and an hour before there was a limit."""
    pieces = word_diff(before, after)

    assert sum(walked) <= 2 * MOST_WORK
    assert {piece.sign for piece in pieces} <= {"=", "-", "+", "…"}


def test_word_diff_stops_where_the_work_of_the_page_ends(walked):
    work = Work(ENOUGH_FOR_ONE)
    for before, after in LONG * 3:
        word_diff(before, after, work)

    assert sum(walked) <= ENOUGH_FOR_ONE
    assert work.is_spent


def test_word_diff_without_work_shows_both_texts_whole():
    assert word_diff("one two", "one three", Work(0)) == whole("one two", "one three")


def test_word_diff_has_work_enough_for_the_longest_texts():
    work = Work(ENOUGH_FOR_ONE)
    for before, after in LONG:
        work.left = ENOUGH_FOR_ONE
        word_diff(before, after, work)
        assert not work.is_spent


def test_word_diff_cuts_no_text_into_more_runs_than_anybody_reads():
    before = " ".join(f"w{number}" for number in range(3000))
    after = " ".join(f"w{number}" if number % 2 else f"v{number}" for number in range(3000))

    assert [piece.sign for piece in word_diff(before, after)] == ["-", "+"]
    assert len(word_diff(before[:500], after[:500])) > 100  # short ones in any case
