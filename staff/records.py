"""The page of one row as staff see it: read-only, with what belongs to it, its history, and what they may do to it."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pghistory
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: TID251 (a page of the admin)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from staff.acts import Act, ActForm
from staff.history import history
from staff.reasons import ReadOnly
from web.refusals import NotYours, Refused, Stale, WrongMoment

if TYPE_CHECKING:
    from accounts.models import User

TITLE = 70
"""How much of a row's name stands above its page, beside the buttons."""


def any_of(paths: tuple[str, ...], pk: Any) -> models.Q:
    """Whatever one of these paths leads to the row with this key."""
    return models.Q(*((path, pk) for path in paths), _connector=models.Q.OR)


@dataclass(frozen=True)
class Part:
    """Rows of another list that belong to this row. Its page links to them and says how many they are.

    `paths` lead from them to this row, each by itself; `parameter` is what their list is filtered by.
    """

    model: type[models.Model]
    paths: tuple[str, ...]
    parameter: str

    def link(self, row: models.Model) -> dict[str, Any]:
        options = self.model._meta
        rows = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        count = self.model._default_manager.filter(any_of(self.paths, row.pk)).count()
        return {"label": options.verbose_name_plural, "url": f"{rows}?{self.parameter}={row.pk}", "count": count}


class Record(ReadOnly):
    """With `history_fields`, the model must be tracked with the related name "history"."""

    acts: ClassVar[tuple[Act[Any], ...]] = ()
    parts: ClassVar[tuple[Part, ...]] = ()
    history_fields: ClassVar[tuple[str, ...]] = ()
    change_form_template = "admin/record.html"

    # --- The row ------------------------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,  # noqa: FBT001, FBT002 (Django's own signature)
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj:
            context |= {
                "subtitle": Truncator(obj).chars(TITLE),
                "acts": [{"label": act.label, "url": self._url(act.verb, obj)} for act in self._acts(request, obj)],
                "parts": [part.link(obj) for part in self.parts],
                "history": self._history(obj, before=request.GET.get("before")) if self.history_fields else None,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_text(self, row: Any, version: Any, name: str) -> str:
        """How one field of an earlier version reads."""
        field = version._meta.get_field(name)
        return str(display_for_field(getattr(version, name), field, self.get_empty_value_display()))

    def _history(self, row: models.Model, *, before: str | None) -> object:
        def text(version: models.Model, name: str) -> str:
            return self.history_text(row, version, name)

        return history(row, self.history_fields, text=text, before=before)

    # --- What staff may do to it --------------------------------------------------------------------------------------
    def may_act(self, request: HttpRequest) -> bool:
        """Looking does not allow it: that staff member needs the right to change such rows."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<path:object_id>/{act.verb}/",
                self.admin_site.admin_view(self.act),
                {"act": act},
                self._name(act.verb),
            )
            for act in self.acts
        ]
        return [*pages, *super().get_urls()]

    def act(self, request: HttpRequest, object_id: str, act: Act[Any]) -> HttpResponse:
        """Say what will happen and ask why; then do it."""
        row: Any = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.may_act(request):
            raise PermissionDenied
        if self._is_concerned(request, row, act):
            raise NotYours(_("This concerns you, so somebody else on the staff has to do it."))
        if request.method != "POST":
            if act not in self._acts(request, row):
                self.message_user(request, _("That cannot be done now."), "error")
                return HttpResponseRedirect(self._url("change", row))
            return self._ask(request, row, act, _form(act, row), status=200)
        form = _form(act, row, request.POST)
        if not form.is_valid():
            return self._ask(request, row, act, form, status=422)
        try:
            self._do(request, row, act, **form.cleaned_data)
        except Refused as refusal:
            row = cast("models.Model", self.get_object(request, unquote(object_id)))
            again = _form(act, row, {**form.cleaned_data, "key": uuid.uuid4(), "seen": act.version(row)})
            again.add_error(None, refusal.sentence)
            return self._ask(request, row, act, again, status=refusal.status)
        self.message_user(request, str(act.done))
        return HttpResponseRedirect(self._url("change", row))

    def _do(self, request: HttpRequest, row: models.Model, act: Act[Any], *, reason: str, **form: Any) -> None:
        """In one transaction: no act without its line in the log. A form that was sent twice is logged once."""
        user = cast("User", request.user)
        line = _("%(what)s Reason: %(reason)s") % {"what": act.done, "reason": reason}
        logged = LogEntry.objects.filter(
            user=user,
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            change_message=line,
        )
        try:
            with transaction.atomic(), pghistory.context(reason=reason):
                act.do(row, by=user, reason=reason, **form)
                if not logged.exists():
                    self.log_change(request, row, line)
        except Stale:
            raise
        except WrongMoment:
            if not logged.exists():
                raise

    def _ask(self, request: HttpRequest, row: Any, act: Act[Any], form: ActForm, *, status: int) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": act.label,
            "subtitle": Truncator(row).chars(TITLE),
            "consequence": act.consequence(row),
            "adminform": AdminForm(cast(Any, form), [(None, {"fields": ["reason"]})], {}, model_admin=self),
            "errors": form.errors,
            "back": self._url("change", row),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/act.html", context, status=status)

    def _acts(self, request: HttpRequest, row: models.Model) -> list[Act[Any]]:
        user = cast("User", request.user)
        return [
            act
            for act in self.acts
            if self.may_act(request) and not self._is_concerned(request, row, act) and act.is_offered(row, user)
        ]

    def _is_concerned(self, request: HttpRequest, row: models.Model, act: Act[Any]) -> bool:
        return request.user.pk in act.concerns(row)

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _url(self, page: str, row: models.Model) -> str:
        return reverse(f"{self.admin_site.name}:{self._name(page)}", args=[row.pk])


def _form(act: Act[Any], row: models.Model, *posted: Any) -> ActForm:
    return ActForm(*posted, act=act, version=act.version(row))


class Rows(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of another model, shown on the page of a record and read-only there."""

    extra = 0
    can_delete = False
    show_change_link = True
    select_related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(*self.select_related)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
