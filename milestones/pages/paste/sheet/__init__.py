"""A plan as spreadsheets write it: read what somebody pasted or uploaded, and write a plan for them to open.

Pure: from text to rows with their problems, and back. No input makes it raise anything but `Unreadable`.
"""

from milestones.pages.paste.sheet import amounts, dates
from milestones.pages.paste.sheet.cells import as_csv
from milestones.pages.paste.sheet.reading import MOST_ROWS, Row, Sheet, read
from milestones.pages.paste.sheet.text import MOST_BYTES, Unreadable, decode

__all__ = ["MOST_BYTES", "MOST_ROWS", "Row", "Sheet", "Unreadable", "amounts", "as_csv", "dates", "decode", "read"]
