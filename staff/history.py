"""What the database kept of a row: each version of it, when it was written, by whom and why (django-pghistory)."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.http import key_of

PAGE = 50
LABELS = {"insert": gettext_lazy("Made"), "update": gettext_lazy("Changed")}


@dataclass(frozen=True)
class Cell:
    """What one field said; `is_new` where the version before said something else."""

    text: str
    is_new: bool


@dataclass(frozen=True)
class Version:
    at: datetime.datetime
    what: str
    by: str
    reason: str  # what staff wrote when it was they who did it
    cells: list[Cell]


@dataclass(frozen=True)
class History:
    """A page of versions, newest first; `older` is where the next page begins, or None at the end."""

    labels: list[str]
    versions: list[Version]
    older: int | None

    @property
    def has_reasons(self) -> bool:
        return any(version.reason for version in self.versions)


def history(
    row: Any, fields: Sequence[str], *, text: Callable[[models.Model, str], str], before: str | None = None
) -> History:
    """The versions of a tracked row, as these fields had it. Two queries. `text` writes out one field of a version."""
    kept = row.history.select_related("pgh_context").order_by("-pgh_id")
    if key := key_of(before):
        kept = kept.filter(pgh_id__lt=key)
    found = list(kept[: PAGE + 1])
    people = get_user_model()._default_manager.in_bulk({_metadata(version).get("user") for version in found} - {None})
    texts = [[text(version, name) for name in fields] for version in found]
    versions = [
        Version(
            at=version.pgh_created_at,
            what=str(LABELS.get(version.pgh_label, version.pgh_label)),
            by=str(people.get(_metadata(version).get("user", 0)) or _("The site")),
            reason=_metadata(version).get("reason", ""),
            cells=_cells(now, earlier),
        )
        for version, now, earlier in zip(found[:PAGE], texts, [*texts[1:], None], strict=False)
    ]
    labels = [capfirst(row.history.model._meta.get_field(name).verbose_name) for name in fields]
    return History(labels, versions, found[PAGE - 1].pgh_id if len(found) > PAGE else None)


def _metadata(version: Any) -> dict[str, Any]:
    return version.pgh_context.metadata if version.pgh_context else {}


def _cells(now: list[str], earlier: list[str] | None) -> list[Cell]:
    return [Cell(text, is_new=text != old) for text, old in zip(now, earlier or now, strict=True)]
