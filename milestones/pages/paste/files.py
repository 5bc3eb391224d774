"""From the bytes of a file to text, or to the texts that it could be: a sheet each, or a character set each."""

import codecs
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from django.utils.translation import gettext as _

MOST_BYTES = 2**20

_READER = Path(__file__).with_name("workbook.py")
_PATIENCE = 60  # seconds; the reader ends itself after ten of the processor's
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # .xlsx and .ods; .xls, and whatever has a password
_MARKS = (  # UTF-32 begins like UTF-16, so it comes first
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARACTER_SETS = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "mac_roman": "Mac",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
_FOREIGN_WORD = re.compile(r"[^\s,;|\"]{0,40}[^\x00-\x7f\s][^,;|\"\t\r\n]{0,40}")
_NO_TEXT = {"Cc", "Cn", "Co"}


class Unreadable(ValueError):
    """This is no plan; `sentence` says what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def texts(raw: bytes) -> dict[str, str]:
    """Each text that the file can be, by the name of its sheet or of its character set. Errors: Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(_("The file must be 1 MB or smaller."))
    if not raw.strip():
        raise Unreadable(_("There is nothing in this file."))
    if raw.startswith(_OLD_WORKBOOK):
        raise Unreadable(_("This is an old workbook, or it has a password. Save it as .xlsx without one."))
    return _sheets(raw) if raw.startswith(_WORKBOOK) else _decoded(raw)


def sample(text: str) -> str:
    """By which a person knows whether this is what the file says: foreign letters, or else the beginning."""
    found = [word.strip() for word in _FOREIGN_WORD.findall(text)[:3]]
    return ", ".join(found) or " ".join(text[:60].split())


def _sheets(raw: bytes) -> dict[str, str]:
    command = [sys.executable, "-I", str(_READER)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=_PATIENCE, check=True)
    except subprocess.SubprocessError as error:
        sentence = _("This workbook cannot be read: it is damaged, has a password, or is too large. Save it as CSV.")
        raise Unreadable(sentence) from error
    found = {name: "\n".join("\t".join(map(_cell, row)) for row in rows) for name, rows in json.loads(done.stdout)}
    if not found:
        raise Unreadable(_("There is nothing in this workbook."))
    return found


def _cell(text: str) -> str:
    """As spreadsheets put it on the clipboard."""
    text = text.replace("\t", " ")
    return '"{}"'.format(text.replace('"', '""')) if re.search(r'[\r\n]|^"', text) else text


def _decoded(raw: bytes) -> dict[str, str]:
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in marked[:1] or ["utf-8"]:
        if (text := _decode(raw, encoding)) is not None:
            return {encoding: text}
    possible = {} if marked else {name: _decode(raw, encoding) for encoding, name in _CHARACTER_SETS.items()}
    # What reads the same in several of them is offered once.
    found = {text: name for name, text in reversed(possible.items()) if text is not None}
    if not found:
        raise Unreadable(_("This is not a text file or a workbook. Save the sheet as .xlsx or CSV."))
    return {name: text for text, name in reversed(found.items())}


def _decode(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(unicodedata.category(sign) in _NO_TEXT for sign in set(text) - set("\t\r\n\f\v")) else text
