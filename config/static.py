"""Static files as production serves them: named by what they hold, compressed, and the style sheet in one piece."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
ADDRESS = re.compile(r'url\("(?!#|data:)([^"]+)"\)')

Paths = dict[str, tuple[Storage, str]]


class OneStyleSheet(CompressedManifestStaticFilesStorage):
    """Puts what `css/app.css` imports into it, each in its layer: many small files to read, one to load."""

    def post_process(self, paths: Paths, *arguments: Any, **options: Any) -> Iterator[Any]:
        if SHEET in paths:
            text = IMPORT.sub(lambda found: _layer(paths, *found.groups()), _text(paths, SHEET))
            whole = InMemoryStorage()
            whole.save(SHEET, ContentFile(text))
            paths = {**paths, SHEET: (whole, SHEET)}
        yield from super().post_process(paths, *arguments, **options)


def _layer(paths: Paths, sheet: str, layer: str) -> str:
    """The sheet's own text; the addresses in it as they are from where it is put."""
    text = _text(paths, join(dirname(SHEET), sheet))
    moved = ADDRESS.sub(lambda found: f'url("{normpath(join(dirname(sheet), found[1]))}")', text)
    return f"@layer {layer} {{\n{moved}}}"


def _text(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read(), "utf-8")
