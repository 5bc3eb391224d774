"""Words are found as people type them, and marked as they were written."""

import pytest

from accounts.models import User
from tests.factories import UserFactory
from text.search import any_of, hits, holds, plain

FOUND = [
    ("Muller", "Jürgen Müller"),
    ("müller", "JURGEN MULLER"),
    ("strasse", "Hauptstraße 5"),
    ("straße", "Hauptstrasse 5"),
    ("lodz", "Łódź"),
    ("smorrebrod", "Smørrebrød"),
    ("nguyen", "Nguyễn"),
    ("ПРИВЕТ", "привет"),
    ("한국", "대한국민"),
    ("50%", "at 50% of it"),
]


@pytest.mark.parametrize(("words", "text"), FOUND)
def test_database_and_python_find_the_same(db, words, text):
    UserFactory.create(display_name=text)
    UserFactory.create(display_name="Another")

    assert [person.display_name for person in User.objects.filter(holds("display_name", words))] == [text]
    assert hits(text, any_of([words])) != []


@pytest.mark.parametrize("words", ["%", "_", "a_b", "\\"])
def test_signs_of_a_pattern_are_signs(db, words):
    UserFactory.create(display_name="axb")

    assert not User.objects.filter(holds("display_name", words)).exists()


def test_hits_stand_where_they_were_written():
    text = "Ein Straßenmüller, ﬁn"

    found = [text[start:end] for start, end in hits(text, any_of(["muller", "ss", "fin"]))]
    assert found == ["ß", "müller", "ﬁn"]


@pytest.mark.parametrize("text", ["", "plain", "ää", "a\u0301"])
def test_plain_is_plain(text):
    assert plain(plain(text)) == plain(text)
