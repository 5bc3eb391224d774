"""What a file that somebody sends really is. Neither its name nor the type that the browser named is believed."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from files.models import NAME_LENGTH
from files.uploads import Unkept
from web.refusals import Invalid


@dataclass(frozen=True)
class Kind:
    """`endings` are those that a name of this kind may have; the first is added to a name that has none of them."""

    content_type: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", (".pdf",))
PNG = Kind("image/png", (".png",))
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
GIF = Kind("image/gif", (".gif",))
WEBP = Kind("image/webp", (".webp",))
DWG = Kind("image/vnd.dwg", (".dwg",))
STEP = Kind("model/step", (".step", ".stp", ".p21"))
TEXT = Kind("text/plain", (".txt", ".csv", ".tsv", ".md", ".markdown", ".json", ".dxf", ".stl", ".obj", ".log"))
ZIP = Kind("application/zip", (".zip", ".odt", ".ods", ".odp", ".pptx", ".3mf"))
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
KINDS = (PDF, PNG, JPEG, GIF, WEBP, DWG, STEP, TEXT, ZIP, DOCX, XLSX)

SHOWN_IN_PAGE = {kind.content_type for kind in (PNG, JPEG, GIF, WEBP)}
"""A browser may draw these; everything else is only ever saved."""

_BEGINNINGS = (
    (re.compile(rb"%PDF-"), PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"AC10\d\d"), DWG),
)
# Source: the MIME Sniffing standard, "binary data byte". No text holds one.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(rb"<(!doctype|\?xml|html|head|body|script|style|svg|iframe)\b", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True)
class Accepted:
    """A file that may be sent, with what was found out about it."""

    file: "File[bytes]"
    name: str
    kind: Kind
    size: int
    sha256: str


def accept(uploaded: "UploadedFile[Any]") -> Accepted:
    """Read the file and say what it is. Errors: Invalid when it is empty, too large, or of no kind that is allowed."""
    name, size = clean_name(uploaded.name or ""), uploaded.size or 0
    if isinstance(uploaded, Unkept):
        raise Invalid(_("There was no room for “%(name)s” just now. Send it later.") % {"name": name})
    if not size:
        raise Invalid(_("“%(name)s” is empty.") % {"name": name})
    if size > settings.ATTACHMENT_BYTES:
        most = filesizeformat(settings.ATTACHMENT_BYTES)
        raise Invalid(_("“%(name)s” is too large: a file can have at most %(most)s.") % {"name": name, "most": most})
    uploaded.seek(0)
    content = uploaded.read()
    kind = kind_of(content)
    if kind is None:
        sentence = _("“%(name)s” cannot be sent. Put it into a ZIP file, or send it as %(kinds)s.")
        raise Invalid(sentence % {"name": name, "kinds": kinds_in_words()})
    return Accepted(uploaded, clean_name(uploaded.name or "", kind), kind, size, hashlib.sha256(content).hexdigest())


def kinds_in_words() -> str:
    return _("PDF, PNG, JPEG, GIF, WebP, DWG, STEP, text, CSV, Markdown, Word or Excel")


def kind_of(content: bytes) -> Kind | None:
    """The kind that the bytes themselves show; None for anything else, also for what a browser could run."""
    for beginning, kind in _BEGINNINGS:
        if beginning.match(content):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return None if _BINARY.search(content) else _kind_of_text(content)


def _kind_of_archive(content: bytes) -> Kind:
    """Word and Excel files are ZIP files; one that holds macros is only that, so that its ending says so."""
    if b"[Content_Types].xml" in content and b"vbaProject.bin" not in content:
        if b"word/document.xml" in content:
            return DOCX
        if b"xl/workbook.xml" in content:
            return XLSX
    return ZIP


def _kind_of_text(content: bytes) -> Kind | None:
    beginning = content[:1024].removeprefix(_BYTE_ORDER_MARK).lstrip()
    if beginning.startswith(b"ISO-10303-21"):
        return STEP
    return None if _MARKUP.match(beginning) else TEXT


def clean_name(name: str, kind: Kind | None = None) -> str:
    """A name that is safe to show, to send in a header and to save: no path, no control or direction marks, no
    characters that a file system refuses, not long, and with an ending that tells the truth."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if not unicodedata.category(character).startswith("C"))
    name = _NOT_IN_NAMES.sub("_", " ".join(name.split())).strip(" .") or _("file")
    if kind is None:
        return name[:NAME_LENGTH]
    ending = next((ending for ending in kind.endings if name.lower().endswith(ending)), "")
    stem = name[: -len(ending)] if ending else name
    ending = name[len(stem) :] or kind.endings[0]
    return stem[: NAME_LENGTH - len(ending)] + ending
