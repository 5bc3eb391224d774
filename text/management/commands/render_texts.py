from typing import Any

from django.core.management.base import BaseCommand

from text.markdown import RENDERER
from text.models import Rendered
from text.shown import SOURCES, Shown, work_of

BATCH = 100


class Command(BaseCommand):
    help = "Render all texts with the present renderer and drop what older ones made. Pages do it too, one by one."

    def handle(self, **_options: Any) -> None:
        count, some = 0, []
        for text in (text for source in SOURCES for text in source()):
            count += 1
            some.append(text)
            if len(some) == BATCH:
                _render(some)
                some = []
        _render(some)
        dropped, _by_model = Rendered.objects.exclude(renderer=RENDERER).delete()
        self.stdout.write(f"{count} texts are rendered; {dropped} of older renderers are dropped.")


def _render(texts: list[str]) -> None:
    Shown(texts, work=sum(map(work_of, texts))).keep()
