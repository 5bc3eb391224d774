from django.contrib import admin

from accounts.staff import ReadOnly
from notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    list_display = ("text", "recipient", "created_at", "read_at")
    list_select_related = ("recipient",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text", "recipient__display_name", "recipient__email")
    ordering = ("-id",)
