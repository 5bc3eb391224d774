"""The chat of a contract: what its two parties wrote, what they sent along, and how far each has read.

Knows nothing of milestones. A message is never removed from the database: its author can change or delete it for a few
minutes, and the database keeps each version.
"""

from messaging.models.attachment import Attachment
from messaging.models.message import TEXT_LENGTH, Message, MessageQuerySet
from messaging.models.read_mark import ReadMark

__all__ = ["TEXT_LENGTH", "Attachment", "Message", "MessageQuerySet", "ReadMark"]
