"""How what arrives is kept until the form has looked at it."""

import contextlib
import logging
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

logger = logging.getLogger(__name__)


class StopAtLimit(FileUploadHandler):
    """Stands before the handlers that keep what arrives, and passes on no more of a file than shows it is too large.

    The rest is read and dropped: the disk is not filled, and the form can still say what is wrong and keep the text.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.ATTACHMENT_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None


class Unkept(UploadedFile):  # type: ignore[type-arg]  # Django's own class takes none as it runs
    """A file for which there was no room as it arrived. The form says so, and keeps what else was sent."""


class OnDisk(TemporaryFileUploadHandler):
    """A disk that is full must not lose the text that came with the file."""

    file: Any

    def new_file(self, *args: Any, **options: Any) -> None:
        try:
            super().new_file(*args, **options)
        except OSError:
            self._give_up()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> Any:
        try:
            self.file.seek(0)
        except OSError:
            self._give_up()
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if not isinstance(self.file, Unkept):
            super().upload_interrupted()

    def _give_up(self) -> None:
        logger.exception("A file could not be kept as it arrived.")
        with contextlib.suppress(OSError, AttributeError):
            self.file.close()
        self.file = Unkept(BytesIO(), self.file_name, self.content_type, 0, self.charset)
