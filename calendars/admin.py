"""Staff see who has a calendar address, and can stop it. Nobody sees the address."""

import uuid
from collections.abc import Collection

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from calendars import actions
from calendars.models import CalendarFeed
from staff.acts import Act
from staff.records import Record


class Stop(Act[CalendarFeed]):
    verb, label = "stop", gettext_lazy("Close this address")
    done = gettext_lazy("Closed. The address opens nothing any more.")

    def concerns(self, row: CalendarFeed) -> Collection[int | None]:
        return (row.person_id,)

    def is_offered(self, row: CalendarFeed, user: User) -> bool:
        return not row.stopped_at

    def consequence(self, row: CalendarFeed) -> str:
        return _("The calendar of %(name)s is not refreshed any more, until they make a new address.") % {
            "name": row.person
        }

    def do(self, row: CalendarFeed, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.stop_feed(row, by=by)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(Record):
    list_display = ("created_at", "person", "stopped_at")
    list_display_links = ("created_at",)
    list_select_related = ("person",)
    search_fields = ("person__display_name", "person__email")
    fields = ("person", "created_at", "stopped_at")
    acts = (Stop(),)
