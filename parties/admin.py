from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from parties.models import Membership, Party
from staff.reasons import ReadOnly
from staff.records import Rows


class Members(Rows):
    model = Membership
    fields = readonly_fields = ("person", "role", "since")
    ordering = ("pk",)
    select_related = ("person",)
    show_change_link = False


@admin.register(Party)
class PartyAdmin(ReadOnly):
    list_display = ("shown", "kind")
    list_filter = ("kind",)
    list_select_related = ("person",)
    search_fields = ("name", "person__display_name", "person__email")
    fields = ("shown", "kind", "person")
    readonly_fields = ("shown",)
    inlines = (Members,)

    @admin.display(description=_("name"))
    def shown(self, party: Any) -> str:
        return str(party)
