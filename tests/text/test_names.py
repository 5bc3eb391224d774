"""People are called by their first names; titles, articles and companies are nobody's first name."""

import pytest

from text.names import apart, short


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Mara Lindqvist", "Mara"),
        ("Mara", "Mara"),
        ("María del Carmen Núñez", "María"),
        ("Jean-Luc O’Neill", "Jean-Luc"),
        ("John F. Kennedy", "John"),
        ("Ludwig van Beethoven", "Ludwig"),
        ("Νίκος Παπαδόπουλος", "Νίκος"),
        ("Dr. Ben Hart", "Dr. Ben Hart"),
        ("Dr Ben Hart", "Dr Ben Hart"),
        ("Prof. Dr. Ute Klein", "Prof. Dr. Ute Klein"),
        ("J. Kennedy", "J. Kennedy"),
        ("J Kennedy", "J Kennedy"),
        ("The Paper Mill Ltd", "The Paper Mill Ltd"),
        ("Die Werkstatt", "Die Werkstatt"),
        ("Hart & Sons", "Hart & Sons"),
        ("Hart Design Studio", "Hart Design Studio"),
        ("Miller GmbH", "Miller GmbH"),
        ("4 Seasons", "4 Seasons"),
        ("Smith, Jones and Partners", "Smith, Jones and Partners"),
        ("  Mara   Lindqvist ", "Mara"),
        ("", ""),
    ],
)
def test_short_cuts_only_the_names_of_people(name, called):
    assert short(name) == called


@pytest.mark.parametrize(
    ("name", "other", "called"),
    [
        ("Mara Hart", "Ben Okafor", "Mara"),
        ("Mara Hart", "Mara Okafor", "Mara Hart"),
        ("Mara Hart", "MARA Okafor", "Mara Hart"),
        ("Mara", "Mara Okafor", "Mara"),
    ],
)
def test_apart_uses_whole_names_where_first_names_are_alike(name, other, called):
    assert apart(name, other) == called
