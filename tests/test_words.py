"""How the site speaks: one word for one thing, plain and exact. Each test names the texts that break a rule."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_conventions import CODE, ROOT, name_of

TEMPLATES = sorted(path for kind in ("*.html", "*.txt") for path in (ROOT / "templates").rglob(kind))
PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
CALLS = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", *PLURAL, *IN_CONTEXT}
BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.DOTALL)
LINE = re.compile(r"{% translate (\"[^\"]*\"|'[^']*')")
RULE_OF_THE_SITE = "Please do not start work that is not approved and funded."


def in_code(path: Path) -> Iterator[str]:
    """Each text; singular and plural of one are joined by "|"."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            parts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            own = parts[1:] if node.func.id in IN_CONTEXT else parts
            yield "|".join(own)


def in_template(path: Path) -> Iterator[str]:
    source = path.read_text()
    for found in LINE.findall(source):
        yield found[1:-1]
    for found in BLOCK.findall(source):
        yield re.sub(r"{% plural %}", "|", found)


def without_code(text: str) -> str:
    """Without tags, and an X where a value comes to stand."""
    return re.sub(r"%\(\w+\)[sd]|{{[^}]*}}|{\w*}", "X", re.sub(r"<[^>]*>", "", text))


TEXTS = [
    *((name_of(path), text) for path in CODE for text in in_code(path)),
    *((name_of(path), text) for path in TEMPLATES for text in in_template(path)),
]


def breaking(rule: str) -> list[tuple[str, str]]:
    return [(where, text) for where, text in TEXTS if re.search(rule, without_code(text), re.IGNORECASE)]


def test_texts_are_found():
    texts = {text for _where, text in TEXTS}

    assert {"Save", RULE_OF_THE_SITE, "%(by)s made %(count)d suggestion|%(by)s made %(count)d suggestions"} <= texts
    assert "Page {{ number }} of {{ pages }}" in texts


@pytest.mark.parametrize(
    ("rule", "instead"),
    [
        (r"\bsuccessful", "say what happened"),
        (r"\b(?:oops|sorry|click|please note)\b|!", "calm words"),
        (r"\b(?:accept|reject)(?:s|ed|ing)?\b", "approve, decline"),
        (r"\bamendments?\b|\bedit requests?\b", "suggestion, revision"),
        (r"\b(?:other|both|two) part(?:y|ies)\b", "side"),
        (r"\brequest(?:s|ed)? changes\b|\breturned the work\b", "ask for changes"),
        (r"\blog(?:ged)? (?:in|out)\b|\blog-?in\b", "sign in, sign out"),
        (r"\bemails?\b", "e-mail"),
        (r"\b(?:invalid|illegal|the user|users)\b", "say what to enter, and name the person"),
        (r"\w'\w|'s\b|\w\"|\"\w", "’ “ ”"),
        (r"\.\.\.", "…"),
        (r"\S {2,}\S| [.,;:](?!\w)|\s-\s", "one space, and a real dash"),
    ],
)
def test_each_thing_has_one_word(rule, instead):
    assert breaking(rule) == [], instead


def test_nothing_is_begged_for_but_the_one_rule():
    assert {text for _where, text in breaking(r"\bplease\b")} == {RULE_OF_THE_SITE}


COUNTED = r"(?:%\((?:{0})\)[sd]|{{{{ (?:{0}) }}}})".format("count|n|number|minutes|seconds|days|mine|open|unused|more")


def test_what_is_counted_has_a_singular_and_a_plural():
    counting = re.compile(rf"{COUNTED} [a-z]+s\b")

    assert [(where, text) for where, text in TEXTS if counting.search(text) and "|" not in text] == []


def test_a_planted_text_is_found():
    assert without_code("<a href=\"x\">Don't</a> %(name)s's") == "Don't X's"
