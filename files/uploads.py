from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class StopAtLimit(FileUploadHandler):
    """Stands before the handlers that keep what arrives, and passes on no more of a file than shows it is too large.

    The rest is read and dropped: the disk is not filled, and the form can still say what is wrong and keep the text.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.ATTACHMENT_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None
