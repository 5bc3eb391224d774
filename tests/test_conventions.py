"""The house rules that no linter knows. Each test names the offenders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django_fsm import FSMField

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "config", "contracts", "demo", "escrow", "messaging", "milestones", "notifications")
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}

# Whoever is not signed in sees these and nothing else.
PUBLIC = {
    "accounts:theme",
    "account_login",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def is_part_of(path: Path, *modules: str) -> bool:
    """Whether the file is the app's module of that name, or lies in a package of that name."""
    return bool({*path.relative_to(ROOT).with_suffix("").parts[1:]} & {*modules})


def test_views_never_write():
    offenders = [
        f"{name_of(path)}:{call.lineno}"
        for path in CODE
        if is_part_of(path, "views")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
    ]

    assert offenders == []


def test_only_actions_move_a_state_machine():
    moves = {
        move.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FSMField)
        for move in field.get_all_transitions(model)
    }
    offenders = [
        f"{name_of(path)}:{call.lineno} {call.func.attr}"
        for path in CODE
        if not is_part_of(path, "actions")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in moves
        and not call.args  # a transition has no positional arguments; list.remove has
        and not is_module(call.func.value, path)
    ]

    assert moves
    assert offenders == []


def is_module(value: ast.expr, path: Path) -> bool:
    imports = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom))
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    return isinstance(value, ast.Name) and value.id in imported


def test_actions_say_who_acts():
    """One object, then keywords only; whoever acts is `by`."""
    offenders = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in CODE
        if is_part_of(path, "actions")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, Function) and not node.name.startswith("_")
        if len(node.args.args) > 1 or "by" not in {argument.arg for argument in node.args.kwonlyargs}
    ]

    assert offenders == []


def test_public_views_are_exactly_the_listed_ones():
    assert set(public_views(get_resolver())) == PUBLIC


def public_views(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from public_views(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and not getattr(entry.callback, "login_required", True):
            yield f"{namespace}{entry.name or entry.pattern}"


@pytest.mark.parametrize(
    "forbidden", [r"\sstyle=", r"\son[a-z]+=", r"<script(?![^>]*\ssrc=)", r"\shx-on", r"<style", r"javascript:", r"=.js:"]
)
def test_templates_hold_no_script_and_no_style(forbidden):
    assert [name_of(path) for path in TEMPLATES if re.search(forbidden, path.read_text())] == []


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
