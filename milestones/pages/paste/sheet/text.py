"""From the bytes of a file to text."""

import codecs

from django.utils.translation import gettext as _

MOST_BYTES = 2**20

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
_MARKS = (  # UTF-32 begins like UTF-16, so it comes first
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(ValueError):
    """This is no text; `sentence` says what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def decode(raw: bytes) -> str:
    """UTF-8, UTF-16 and UTF-32 by their marks, else UTF-8, else Windows-1252. Errors: Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(_("The file must be 1 MB or smaller."))
    if raw.startswith(_WORKBOOKS):
        raise Unreadable(_("This is a workbook. Open it, save it as CSV, and choose that file."))
    text = _decode(raw)
    if text is None or "\0" in text:
        raise Unreadable(_("This is not a text file. Save the sheet as CSV, and choose that file."))
    return text


def _decode(raw: bytes) -> str | None:
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in marked[:1] or ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
