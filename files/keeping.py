"""Where files are kept, how many, and what becomes of them when what they came with does not."""

import contextlib
import datetime
import logging
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from files.looking import Accepted
from files.models import random_place
from web.refusals import Invalid, Refused

DAY = datetime.timedelta(days=1)
UNKNOWN = ("08", "57P")
"""Beginnings of the database's codes that say the connection is gone, and not whether the commit was done."""

logger = logging.getLogger(__name__)


class NoRoom(Refused):
    """The disk is full, or cannot be written."""

    status = 507


class TooMuchToday(Refused):
    """More bytes in a day than one person may send."""

    status = 429


def require_room(files: Sequence[Accepted], *, in_contract: int, by_person: int) -> None:
    """`in_contract` and `by_person` are the bytes that are kept already: in all, and of the last `DAY`.

    Errors: Invalid, TooMuchToday, NoRoom.
    """
    size = sum(file.size for file in files)
    if in_contract + size > settings.CONTRACT_BYTES:
        words = _("The files of a contract can have at most %(most)s together, and %(kept)s of that are used.")
        raise Invalid(words % _sizes(settings.CONTRACT_BYTES, in_contract))
    if by_person + size > settings.PERSON_BYTES_A_DAY:
        words = _("You can send files of at most %(most)s in a day, and have sent %(kept)s. Send these tomorrow.")
        raise TooMuchToday(words % _sizes(settings.PERSON_BYTES_A_DAY, by_person))
    free = _free_bytes()
    if free is not None and free - size < settings.MEDIA_FREE_BYTES:
        logger.error("MEDIA_ROOT has only %d bytes free; no file is taken any more.", free)
        raise NoRoom(_("There is no room for files just now. Send your message without them, or try again later."))


def _sizes(most: int, kept: int) -> dict[str, str]:
    return {"most": filesizeformat(most), "kept": filesizeformat(kept)}


def _free_bytes() -> int | None:
    """None where files are kept elsewhere than on a disk of ours."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return None
    return shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free


@contextlib.contextmanager
def kept(files: Sequence[Accepted]) -> Iterator[list[str]]:
    """Store the files, and take them away again if what is done with their places fails.

    If nobody can know whether it failed, because the database went away as it was to be committed, they stay: better a
    file without a row, which the nightly comparison finds, than a row without its file. Errors: NoRoom.
    """
    places: list[str] = []
    try:
        for file in files:
            places.append(random_place(None, file.name))
            _store(file, places[-1])
        yield places
    except Exception as error:
        if not _may_be_committed(error):
            discard(places)
        raise


def _store(file: Accepted, place: str) -> None:
    file.file.seek(0)
    try:
        default_storage.save(place, file.file)
    except OSError as error:
        logger.exception("A file could not be kept in MEDIA_ROOT.")
        words = _("The files could not be kept just now. Send your message without them, or try again later.")
        raise NoRoom(words) from error


def _may_be_committed(error: Exception) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(UNKNOWN)


def discard(places: Sequence[str]) -> None:
    """Take away files that belong to nothing, also what there is of one that could not be stored whole."""
    for place in places:
        with contextlib.suppress(OSError):
            default_storage.delete(place)
