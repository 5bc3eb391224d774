"""Whether each row has its file and each file its row, which a restore or a fault may have parted."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from files.models import PLACES, KeptFile

YOUNG = datetime.timedelta(hours=1)
"""A file is stored before its row is committed: so long it may belong to nothing."""


class Parted(NamedTuple):
    """The places of files that have no row, and of rows that have no file."""

    orphans: list[str]
    missing: list[str]


@transaction.atomic
def parted() -> Parted:
    """Folder by folder, so that little is held at a time."""
    orphans: list[str] = []
    missing: list[str] = []
    rows = groupby(_places(), key=lambda place: place.rpartition("/")[0])
    folders = {f"{PLACES}/{name}" for name in _folders()}
    for folder, of_folder in rows:
        known, stored = {*of_folder}, _stored(folder)
        missing += known - stored
        orphans += filter(_is_old, stored - known)
        folders.discard(folder)
    orphans += (place for folder in folders for place in _stored(folder) if _is_old(place))
    return Parted(sorted(orphans), sorted(missing))


def _places() -> Iterator[str]:
    """Of all rows, in order."""
    first, *others = [model._default_manager.order_by().values_list("file", flat=True) for model in _models()]
    return first.union(*others, all=True).order_by("file").iterator()


def _models() -> list[type[KeptFile]]:
    return [model for model in apps.get_models() if issubclass(model, KeptFile)]


def _folders() -> list[str]:
    return default_storage.listdir(PLACES)[0] if default_storage.exists(PLACES) else []


def _stored(folder: str) -> set[str]:
    try:
        return {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    except FileNotFoundError:
        return set()


def _is_old(place: str) -> bool:
    return timezone.now() - default_storage.get_modified_time(place) > YOUNG
