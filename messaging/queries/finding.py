"""Search in one chat.

Each word must occur in the text or in the name of a file, anywhere, in any case and with or without accents. The rows
of one chat are read from its newest on, by the index on contract and time, until enough are found: that needs no index
of words, and finds parts of words and of file names in every language.
"""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contracts.models import Contract
from messaging.models import Attachment, Message
from text.dates import moment
from text.search import any_of, hits, holds

MOST_FOUND = 50
MOST_WORDS = 8
AROUND = 80
"""Characters of the text shown on each side of the first hit."""


@dataclass(frozen=True)
class Found:
    author: str
    at: str
    url: str
    excerpt: SafeString
    files: list[SafeString]


def find(contract: Contract, words: str) -> tuple[list[Found], bool]:
    """The newest messages that hold all of the words, and whether there are more. Two queries."""
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return [], False
    messages = contract.messages.standing().newest_first().select_related("author").prefetch_related("attachments")
    for word in asked:
        named = Attachment.objects.filter(holds("name", word), message=OuterRef("pk"))
        messages = messages.filter(holds("text", word) | Exists(named))
    found = list(messages[: MOST_FOUND + 1])
    words_asked = any_of(asked)
    return [_found(message, words_asked) for message in found[:MOST_FOUND]], len(found) > MOST_FOUND


def _found(message: Message, words: re.Pattern[str]) -> Found:
    return Found(
        author=message.contract.name_of(message.author),
        at=moment(message.sent_at),
        url=message.get_absolute_url(),
        excerpt=_marked(_excerpt(message.text, words), words),
        files=[_marked(attachment.name, words) for attachment in message.attachments.all()],
    )


def _excerpt(text: str, words: re.Pattern[str]) -> str:
    text = " ".join(text.split())
    first, last = next(iter(hits(text, words)), (0, 0))
    start, end = max(0, first - AROUND), last + AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _marked(text: str, words: re.Pattern[str]) -> SafeString:
    """The text, escaped, with each hit in a <mark>."""
    parts: list[str] = []
    done = 0
    for start, end in hits(text, words):
        parts += [text[done:start], format_html("<mark>{}</mark>", text[start:end])]
        done = end
    return format_html_join("", "{}", ([part] for part in (*parts, text[done:])))
