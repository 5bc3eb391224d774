from typing import Any

from django.core.paginator import Paginator


class CountedPaginator(Paginator[Any]):
    """Of rows that have been counted already, with something else that the page shows."""

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = count
