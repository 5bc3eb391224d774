from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from staff.reasons import ReadOnly


class LogAdmin(ReadOnly):
    """What all staff did in the admin, with their reasons, newest first. Nobody writes or deletes a line."""

    list_display = ("action_time", "user", "what", "content_type", "thing")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("user__display_name", "user__email", "object_repr", "change_message")
    date_hierarchy = "action_time"
    fields = ("action_time", "user", "content_type", "thing", "what")
    readonly_fields = ("thing", "what")

    @admin.display(description=_("what, and why"))
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message() or str(entry.get_action_flag_display())

    @admin.display(description=_("of"), ordering="object_repr")
    def thing(self, entry: LogEntry) -> Any:
        url = None if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr
