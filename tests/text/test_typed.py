"""What is typed is kept as it can be seen: no hidden signs, one kind of line end, composed letters."""

import pytest
from django import forms

from text.fields import HIDING, LineField, LinesField
from text.typed import is_blank, line, lines

INVISIBLE = ["", " ", "\u200b \u200b", "\u2800", "\u3164", "\u115f\u1160", "\ufeff", "\u200d", "\u00ad", "\U000e0041"]
TURNED = ["Logo \u202e draft", "\u2066Logo", "Lo\u202ago\u202c", "Logo\x07", "Lo\x9bgo"]
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


class Form(forms.Form):
    name = LineField()
    words = LinesField(required=False, strip=False)


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_name_of_invisible_signs_is_blank(text):
    assert is_blank(text)
    assert Form({"name": text}).errors == {"name": ["This field is required."]}


@pytest.mark.parametrize("text", TURNED)
def test_a_name_with_signs_that_turn_it_round_is_refused_in_words(text):
    assert Form({"name": text}).errors == {"name": [HIDING]}


@pytest.mark.parametrize("text", ["Логотип", "לוגו", "می‌خواهم", "👩‍👩‍👧", "❤️", ENGLAND, "a\u200fb"])
def test_names_keep_what_their_script_needs(text):
    assert (line(text), lines(text)) == (text, text)
    assert Form({"name": text}).is_valid()


def test_line_puts_a_name_into_one_line_of_composed_letters():
    assert line(" Cafe\u0301\r\n\tau \u2028 lait\u200b ") == "Café au lait"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_lines_has_one_kind_of_line_end(end):
    assert lines(f"a{end}b") == "a\nb"


def test_lines_takes_out_what_nobody_sees_and_what_turns_amounts_round():
    form = Form({"name": "a", "words": "Fee \u202e00.5$\u202c\u200b for\x07 Cafe\u0301\r\n  twice"})

    assert form.is_valid()
    assert form.cleaned_data["words"] == "Fee 00.5$ for Café\n  twice"
