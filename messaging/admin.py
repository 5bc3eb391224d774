"""Staff read every chat. Nobody writes or changes a message here."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.staff import ReadOnly
from contracts.admin import BesideContract, OfContract, people_of
from messaging.models import Message

EXCERPT = 200


@admin.register(Message)
class MessageAdmin(BesideContract, ReadOnly):
    list_display = ("sent_at", "excerpt", "author", "of_contract", "about")
    list_display_links = ("sent_at",)
    list_filter = (OfContract,)
    list_select_related = ("contract", "author")
    search_fields = (
        "text",
        "about",
        "author__display_name",
        "author__email",
        "contract__title",
        *people_of("contract"),
    )
    date_hierarchy = "sent_at"
    ordering = ("-sent_at", "-id")
    fields = ("contract", "author", "sent_at", "text", "about", "url")

    @admin.display(description=_("text"))
    def excerpt(self, message: Message) -> str:
        return Truncator(message.text).chars(EXCERPT)
