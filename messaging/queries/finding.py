"""Search in one chat.

Each word must occur in the text or in the name of a file, anywhere and in any case. The rows of one chat are read from
its newest on, by the index on contract and time, until enough are found: that needs no index of words, finds parts of
words and of file names in every language, and a chat of 10,000 messages is read to its end in some ten milliseconds.
"""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contracts.models import Contract
from messaging.models import Attachment, Message
from text.dates import moment

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
        named = Attachment.objects.filter(message=OuterRef("pk"), name__icontains=word)
        messages = messages.filter(Q(text__icontains=word) | Exists(named))
    found = list(messages[: MOST_FOUND + 1])
    any_of = re.compile("(" + "|".join(map(re.escape, asked)) + ")", re.IGNORECASE)
    return [_found(message, any_of) for message in found[:MOST_FOUND]], len(found) > MOST_FOUND


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
    hit = words.search(text)
    start = max(0, hit.start() - AROUND) if hit else 0
    end = (hit.end() if hit else 0) + AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _marked(text: str, words: re.Pattern[str]) -> SafeString:
    """The text, escaped, with each hit in a <mark>."""
    parts = words.split(text)
    hits = [format_html("<mark>{}</mark>", part) if number % 2 else part for number, part in enumerate(parts)]
    return format_html_join("", "{}", ([hit] for hit in hits))
