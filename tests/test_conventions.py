"""The house rules that no linter knows. Each test names the offenders."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver
from django_fsm import FSMField

ROOT = Path(settings.BASE_DIR)
APPS = (
    *("accounts", "calendars", "config", "contracts", "demo", "escrow", "files", "help", "live"),
    *("messaging", "milestones", "notifications", "parties", "staff", "text", "web"),
)
GROUND = {"live", "staff", "text", "web"}  # which know no state machine, but files and answers that one closes
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
MAIL = ROOT / "templates/notifications/mail/mail.html"  # read where our style sheets and our policy do not reach
WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}

# Whoever is not signed in sees these and nothing else.
PUBLIC = {
    *("account_login", "account_logout", "account_signup", "account_inactive", "admin:login", "mfa_authenticate"),
    *("account_email_verification_sent", "account_confirm_email", "account_confirm_login_code"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    "accounts:theme",
    "notifications:unsubscribe",  # for whoever holds the signed link of a mail
    *("help:home", "help:contact", "help:thanks", "calendars:feed"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_part_of(path: Path, *modules: str) -> bool:
    """Whether the file is the app's module of that name, or lies in a package of that name."""
    return bool({*path.relative_to(ROOT).with_suffix("").parts[1:]} & {*modules})


def methods_called(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Calls of an object's method, not of an imported module's function."""
    tree = ast.parse(path.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id in imported):
                yield node.func.attr, node


def test_views_never_write():
    offenders = [
        f"{name_of(path)}:{call.lineno} {method}"
        for path in CODE
        if is_part_of(path, "views")
        for method, call in methods_called(path)
        if method in WRITES
    ]

    assert offenders == []


def test_only_actions_move_a_state_machine():
    fields = [(model, field) for model in apps.get_models() for field in model._meta.get_fields()]
    machines = [(model, field) for model, field in fields if isinstance(field, FSMField)]
    moves = {move.name for model, field in machines for move in field.get_all_transitions(model)}
    offenders = [
        f"{name_of(path)}:{call.lineno} {method}"
        for path in CODE
        if not is_part_of(path, "actions") and name_of(path).split("/")[0] not in GROUND
        for method, call in methods_called(path)
        if method in moves and not call.args  # list.remove has an argument, a transition only keywords
    ]

    assert moves
    assert offenders == []


def test_actions_say_who_acts():
    """An object, what to do with it, then keywords. Who acts is the keyword `by`, or else who is acted on."""
    offenders = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in CODE
        if is_part_of(path, "actions")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not says_who_acts(node)
    ]

    assert offenders == []


def says_who_acts(function: ast.FunctionDef) -> bool:
    positional = [ast.unparse(argument) for argument in function.args.args]
    entered = [ast.unparse(item.context_expr) for item in withs(function)]
    is_verb = "transaction.atomic" in map(ast.unparse, function.decorator_list) or any(
        "ing(" in call for call in entered
    )
    by_whom = "by" in [argument.arg for argument in function.args.kwonlyargs] or positional[0].endswith(
        (": User", ": Party")
    )
    return len(positional) <= 2 and (by_whom or not is_verb)


DOORS = {"acting", "holding"}
READS_OR_NOTES = {
    "contracts.actions.start",  # there is no contract yet that could be locked
    "messaging.actions.changeable",  # reads
    "messaging.actions.read",  # notes what a person looked at, as does `see`
    "milestones.actions.problems",
    "milestones.actions.see",
}


def test_every_verb_on_a_contract_passes_through_the_act_protocol():
    """Lock, may this person act, was this form acted on, is what was seen current: nobody does it by hand."""
    offenders = {
        f"{app}.actions.{name}"
        for app in ("contracts", "messaging", "milestones")
        for name, function in vars(import_module(f"{app}.actions")).items()
        if inspect.isfunction(function) and not name.startswith("_") and function.__module__.startswith(app)
        if function.__module__.startswith(f"{app}.actions") and not passes_a_door(function)
    }

    assert offenders == READS_OR_NOTES


def passes_a_door(function: FunctionType) -> bool:
    """Whether its body, or a function of the same module that it calls, is `with acting(…)` or `with holding(…)`."""
    tree = ast.parse(inspect.getsource(sys.modules[function.__module__]))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    left, seen = [function.__name__], set()
    while left:
        name = left.pop()
        seen.add(name)
        called = {node.func.id for node in ast.walk(functions[name]) if is_plain_call(node)}
        entered = {item.context_expr.func.id for item in withs(functions[name]) if is_plain_call(item.context_expr)}
        if entered & DOORS:
            return True
        left += (called & set(functions)) - seen
    return False


def is_plain_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def withs(function: ast.FunctionDef) -> list[ast.withitem]:
    return [item for node in ast.walk(function) if isinstance(node, ast.With) for item in node.items]


def test_a_planted_verb_that_locks_by_hand_is_found():
    assert not passes_a_door(says_who_acts)
    assert passes_a_door(import_module("milestones.actions").release)


def test_public_views_are_exactly_the_listed_ones():
    assert set(public_views(get_resolver())) == PUBLIC


def public_views(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from public_views(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif not getattr(entry.callback, "login_required", True):
            yield f"{namespace}{entry.name or entry.pattern}"


@pytest.mark.parametrize(
    "forbidden", [r"\sstyle=", r"<style", r"\son[a-z]+=", r"\shx-on", r"<script(?![^>]*\ssrc=)", "javascript:", '"js:']
)
def test_templates_hold_no_script_and_no_style(forbidden):
    assert [name_of(path) for path in TEMPLATES if re.search(forbidden, path.read_text()) and path != MAIL] == []


# What is on the left in one language is on the right in another.
@pytest.mark.parametrize(
    "forbidden",
    [
        r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b",
        r"^\s*(?:left|right)\s*:",
        r"\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b",
        r"border-(?:top|bottom)-(?:left|right)-radius",
        r"\b(?:margin|padding|inset)\s*:\s*[^\s;]+ ([^\s;]+) [^\s;]+ (?!\1;)[^\s;]+;",
        r"\btranslate\s*:\s*-?[1-9]",
    ],
)
def test_styles_name_no_side(forbidden):
    assert [name_of(path) for path in STYLES if re.search(forbidden, path.read_text(), re.MULTILINE)] == []


def test_pages_say_their_language_and_direction():
    roots = [path for path in TEMPLATES if re.search("<html", path.read_text())]

    assert roots
    assert [name_of(path) for path in roots if '<html lang="{{ language }}" dir="' not in path.read_text()] == []


def test_each_template_that_code_names_exists():
    named = {name for path in CODE for name in re.findall(r'"([\w/.-]+\.html(?:#[\w-]+)?)"', path.read_text())}

    assert named
    for name in sorted(named):
        get_template(name)


def test_files_fit_in_one_reading():
    assert [name_of(path) for path in (*CODE, *TEMPLATES) if len(path.read_text().splitlines()) > 350] == []


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "common", "core", "helpers", "misc", "services"}

    assert [name_of(path) for path in CODE if is_part_of(path, *drawers)] == []
