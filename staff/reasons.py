"""What the admin pages of all apps share: nothing that staff do goes without a reason."""

import json
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.db import models
from django.http import HttpRequest, QueryDict  # noqa: TID251 (its methods are the admin’s)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from text.fields import LinesField


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    reason = LinesField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the log with your name and the time."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithReason(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin page whose form asks why. With `fieldsets`, name the field "reason" in one of them."""

    form = ReasonForm

    def construct_change_message(self, request: HttpRequest, form: Any, *rest: Any) -> Any:
        form.changed_data = [name for name in form.changed_data if name != "reason"]
        what = super().construct_change_message(request, form, *rest)
        text = LogEntry(change_message=json.dumps(what)).get_change_message()
        return _("%(what)s Reason: %(reason)s") % {"what": text, "reason": form.cleaned_data["reason"]}


class DeleteForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the log with your name and the time."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeletedWithReason(admin.ModelAdmin):  # type: ignore[type-arg]
    """The page that deletes a row asks why; there is no deleting of many at once."""

    delete_confirmation_template = "admin/delete_with_reason.html"

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        form = DeleteForm(request.POST or None)
        is_refused = form.is_bound and not form.is_valid()
        if is_refused:
            request.POST = QueryDict()  # so that the page asks again
        response = super().delete_view(request, object_id, {"reason_form": form, **(extra_context or {})})
        if is_refused:
            response.status_code = 422
        return response

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        reason = _("Reason: %(reason)s") % {"reason": request.POST["reason"].strip()}
        return LogEntry.objects.log_actions(
            cast(int, request.user.pk), queryset, action_flag=DELETION, change_message=reason
        )


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Staff may look at these rows, newest first, however many there are; only the acts of people change them."""

    list_per_page = 50
    show_full_result_count = False
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    view_on_site = False  # the site's own page is for the two parties

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What `list_select_related` names is read with the row on its own page too."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows if isinstance(self.list_select_related, bool) else rows.select_related(*self.list_select_related)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
