"""People are compared with people and parties with parties: who acts for whom is asked of one predicate."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_conventions import CODE, TEMPLATES, name_of

SIDES = {"client", "freelancer", "owner", "proposed_by", "answerer", "party"}
PARTIES = SIDES | {f"{side}_id" for side in SIDES} | {"side_of", "other_side", "other_party"}
PEOPLE = {"user", "by", "person", "viewer", "reader", "author", "answered_by", "requested_by", "vouched_by", "member"}
THE_PREDICATE = "parties/permissions.py"


def last_name(node: ast.AST) -> str:
    """By which an expression is called: `client` of `contract.client`, of `contract.client_id` and of `client`."""
    match node:
        case ast.Attribute(value=value, attr="pk" | "id"):
            return last_name(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Call(func=function):
            return last_name(function)
    return ""


def parts(node: ast.AST) -> Iterator[str]:
    inner = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    yield from map(last_name, inner)


def mixed(tree: ast.AST) -> Iterator[int]:
    """The lines where a party is compared with a person, or looked for by one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            named = {name for side in (node.left, *node.comparators) for name in parts(side)}
            if named & PARTIES and named & (PEOPLE | {f"{person}_id" for person in PEOPLE}):
                yield node.lineno
        is_side = isinstance(node, ast.keyword) and (node.arg or "").rpartition("__")[2] in SIDES
        if is_side and last_name(node.value) in PEOPLE:
            yield node.value.lineno


@pytest.mark.parametrize(
    ("line", "is_mixed"),
    [
        ("user == contract.client", True),
        ("self.by != self.contract.freelancer", True),
        ("contract.freelancer_id == user.pk", True),
        ("user in (contract.client, contract.freelancer)", True),
        ("amendment.author == contract.other_party(reader)", True),
        ("deposit.owner_id == deposit.vouched_by_id", True),
        ("Contract.objects.filter(client=user)", True),
        ("Q(amendment__contract__freelancer=by)", True),
        ("party == self.client", False),
        ("change.answered_by == change.amendment.author", False),
        ("Contract(client=client, freelancer=freelancer)", False),
        ("contract.is_client(user)", False),
    ],
)
def test_what_is_planted_is_found(line, is_mixed):
    assert bool([*mixed(ast.parse(line))]) == is_mixed


def test_code_compares_no_person_with_a_party():
    offenders = [
        f"{name_of(path)}:{line}"
        for path in CODE
        if name_of(path) != THE_PREDICATE
        for line in mixed(ast.parse(path.read_text()))
    ]

    assert offenders == []


def test_templates_compare_no_person_with_a_party():
    person, party = rf"\b(?:{'|'.join(PEOPLE)})\b", rf"\.(?:{'|'.join(SIDES)})\b"
    compared = r"\s*(?:==|!=|\bin\b)\s*"
    comparison = re.compile(rf"{person}{compared}[\w.]*{party}|{party}{compared}[\w.]*{person}")
    assert comparison.search("{% if user == contract.client %}")

    assert [name_of(path) for path in TEMPLATES if comparison.search(path.read_text())] == []
