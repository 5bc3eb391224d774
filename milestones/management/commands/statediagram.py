"""The state machines as pictures, drawn from the code: docs/milestone-states.md is never edited by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model
from django_fsm import FSMField

PAGE = Path(settings.BASE_DIR) / "docs" / "milestone-states.md"
HEAD = """# States and moves

Drawn by `make diagram` from the code; `make check` compares. Only these moves exist: each is one function of the
app's `actions`, and the buttons on the pages and the guards in the database follow the same list.
"""


class Command(BaseCommand):
    help = "Draw the state machines into docs/milestone-states.md."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is out of date")

    def handle(self, *_arguments: Any, check: bool, **_options: Any) -> None:
        page = "\n".join([HEAD, *(_section(model, field) for model, field in _machines())])
        if not check:
            PAGE.write_text(page)
        elif not PAGE.exists() or PAGE.read_text() != page:
            raise CommandError(f"{PAGE.relative_to(settings.BASE_DIR)} is out of date. Draw it again: make diagram")


def _machines() -> Iterator[tuple[type[Model], FSMField]]:
    """The state fields that can move, in the order of the apps. A row's history holds copies, which cannot."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FSMField) and any(field.get_all_transitions(model)):
                yield model, field


def _section(model: type[Model], field: FSMField) -> str:
    states = [value for value, _ in field.flatchoices]
    moves = [(str(move.source), str(move.target), move.name) for move in field.get_all_transitions(model)]
    moves.sort(key=lambda move: (states.index(move[0]), states.index(move[1])))
    ends = [state for state in states if state not in {source for source, _, _ in moves}]
    lines = [
        f"    [*] --> {field.get_default()}",
        *(f"    {source} --> {target}: {name}" for source, target, name in moves),
        *(f"    {end} --> [*]" for end in ends),
    ]
    return "\n".join([f"## {model._meta.object_name}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])
