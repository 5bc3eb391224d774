"""What is known of a kept file. Each app that keeps files has a model of its own that adds to what they belong."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 120
PLACES = "chat"
"""The folder of all files; they came with messages first."""


def random_place(_kept: models.Model | None, _name: str) -> str:
    """Where a file is stored: a name that cannot be guessed and says nothing of the one it came with."""
    name = secrets.token_hex(16)
    return f"{PLACES}/{name[:2]}/{name}"


class KeptFile(models.Model):
    """Name and type are ours, found by `files.looking`; the file never changes."""

    file = models.FileField(upload_to=random_place)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
