"""Messages for tests, written by the real actions; and files as browsers send them."""

import datetime
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from contracts.models import Contract
from demo.data.clock import standing_at
from files.looking import accept
from messaging import actions
from messaging.models import Attachment, Message

HTMX = {"HX-Request": "true"}
NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def post(contract: Contract, by: User, text: str = "Hello", **options: Any) -> Message:
    return actions.post(contract, **{"by": by, "text": text, "client_id": uuid.uuid4(), **options})


def post_at(minutes: float, contract: Contract, by: User, text: str = "Hello", **options: Any) -> Message:
    """So many minutes after noon."""
    with standing_at(NOON + datetime.timedelta(minutes=minutes)):
        return post(contract, by, text, **options)


def later(minutes: float) -> Any:
    """The site's clock, so many minutes after noon."""
    return standing_at(NOON + datetime.timedelta(minutes=minutes))


def upload(content: bytes = PDF, name: str = "plan.pdf", content_type: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def post_file(contract: Contract, by: User, content: bytes = PDF, name: str = "plan.pdf", text: str = "") -> Attachment:
    message = post(contract, by, text, attachments=[accept(upload(content, name))])
    return message.attachments.get()


def stored() -> list[str]:
    """The places of all files that are kept."""
    storage = Attachment._meta.get_field("file").storage
    if not storage.exists("chat"):
        return []
    folders = [f"chat/{folder}" for folder in storage.listdir("chat")[0]]
    return sorted(f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1])
