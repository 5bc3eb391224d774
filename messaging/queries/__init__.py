from messaging.queries.entries import Entry
from messaging.queries.finding import MOST_FOUND, Found, find
from messaging.queries.position import Position
from messaging.queries.stream import News, Page, Shown, around, newer, newest, older, one
from messaging.queries.unread import Conversation, conversation_rows, conversations, unread_badge, unread_count

__all__ = [
    "MOST_FOUND",
    "Conversation",
    "Entry",
    "Found",
    "News",
    "Page",
    "Position",
    "Shown",
    "around",
    "conversation_rows",
    "conversations",
    "find",
    "newer",
    "newest",
    "older",
    "one",
    "unread_badge",
    "unread_count",
]
