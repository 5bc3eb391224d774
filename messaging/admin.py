"""Staff read every chat, also what was edited or deleted. Nobody writes or changes a message here."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from contracts.admin import BesideContract, OfContract, people_of
from messaging.models import Attachment, Message
from staff.records import Record, Rows

EXCERPT = 200


class Files(Rows):
    model = Attachment
    fields = readonly_fields = ("opened", "content_type", "weight", "sha256")
    show_change_link = False
    select_related = ("message",)

    @admin.display(description=_("name"))
    def opened(self, attachment: Attachment) -> SafeString:
        url = reverse("messaging:attachment", args=[attachment.message.contract_id, attachment.pk])
        return format_html('<a href="{}">{}</a>', url, attachment.name)

    @admin.display(description=_("size"))
    def weight(self, attachment: Attachment) -> str:
        return filesizeformat(attachment.size)


@admin.register(Message)
class MessageAdmin(BesideContract, Record):
    list_display = ("sent_at", "excerpt", "author", "of_contract", "about", "edited_at", "deleted_at")
    list_display_links = ("sent_at",)
    list_filter = (OfContract,)
    list_select_related = ("contract", "author", "reply_to")
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
    fields = (
        "contract",
        "author",
        ("sent_at", "edited_at", "deleted_at"),
        "text",
        ("about", "url"),
        "reply_to",
    )
    inlines = (Files,)
    history_fields = ("text", "edited_at", "deleted_at")

    @admin.display(description=_("text"))
    def excerpt(self, message: Message) -> str:
        return Truncator(message.text).chars(EXCERPT)
