"""What people wrote, as pages show it: rendered once, and then read, all the texts of a page in one query.

A page renders what is not there yet, but only so much (`WORK`): the rest is shown as it was typed, and rendered by
whoever looks next. So no request waits for long, whatever a person saves.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import sha256

from django.utils.safestring import SafeString, mark_safe

from text.markdown import RENDERER, plain, render
from text.models import Rendered

WORK = 80_000
"""About 0.3 s of the slowest texts there are."""

_MARKS = re.compile(r"[*_~`\[<]|:/")
_OF_A_LINE, _OF_A_MARK = 15, 8

SOURCES: list[Callable[[], Iterable[str]]] = []
"""Where texts are, for the command that renders them all; an app adds its own when it is ready."""


class Shown:
    """The texts of one page, all read when the first is asked for: `shown[text]`."""

    def __init__(self, texts: Iterable[str], *, work: int = WORK) -> None:
        self._texts, self._left = dict.fromkeys(text for text in texts if text), work

    def __getitem__(self, text: str) -> SafeString:
        if not text:
            return SafeString()
        return self._html[text] if text in self._html else plain(text)

    def __contains__(self, text: str) -> bool:
        """Whether it is one of the page's."""
        return text in self._texts

    @cached_property
    def _html(self) -> dict[str, SafeString]:
        digests = {text: digest(text) for text in self._texts}
        kept = _kept(digests.values())
        html = {text: mark_safe(kept[key]) for text, key in digests.items() if key in kept}  # noqa: S308  our own
        return html | self._made({text: key for text, key in digests.items() if key not in kept})

    def _made(self, missing: dict[str, str]) -> dict[str, SafeString]:
        made: dict[str, SafeString] = {}
        for text in missing:
            if not made or work_of(text) <= self._left:
                self._left -= work_of(text)
                made[text] = render(text)
        rows = [Rendered(digest=missing[text], renderer=RENDERER, html=html) for text, html in made.items()]
        Rendered.objects.bulk_create(rows, ignore_conflicts=True)
        return made

    def keep(self) -> None:
        """Render them now, as far as the work goes."""
        bool(self._html)


def work_of(text: str) -> int:
    """How long it takes to render, in characters of plain words."""
    return len(text) + _OF_A_LINE * text.count("\n") + _OF_A_MARK * len(_MARKS.findall(text))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _kept(digests: Iterable[str]) -> dict[str, str]:
    rows = Rendered.objects.filter(renderer=RENDERER, digest__in=[*digests])
    return dict(rows.values_list("digest", "html"))
