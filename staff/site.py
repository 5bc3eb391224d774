"""The admin: only for staff, and in production only for a session that has shown a second factor."""

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages  # noqa: TID251 (a page of the admin)
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: TID251
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

_SHOWN = "second_factor_shown"


def note_second_factor(request: HttpRequest) -> None:
    """The person has just switched it on, by a code from it; a sign-in with one is noted by allauth."""
    request.session[_SHOWN] = True


class Named(AutocompleteJsonView):
    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, Any]:
        """Rows of one name are told apart by what the row itself says: an address, a number."""
        found = super().serialize_result(obj, to_field_name)
        if apart := getattr(obj, "told_apart_by", ""):
            found["text"] = f"{obj} <{apart}>"
        return found


class StaffSite(AdminSite):
    """Staff sign in like everybody else: the same limits, the same verified address, the same second factor."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _missing(request)

    @method_decorator(never_cache)
    @method_decorator(secure_admin_login)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        missing = _missing(request)
        if not missing:
            return super().login(request, extra_context)
        messages.info(request, _("The admin needs two-factor sign-in."))
        asked_for = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse(missing)}?{asked_for}")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, Named.as_view(admin_site=self)(request))


def _missing(request: HttpRequest) -> str:
    """The page where the person does what is missing; empty when nothing is."""
    if not settings.ADMIN_SECOND_FACTOR:
        return ""
    if not is_mfa_enabled(request.user):
        return "mfa_activate_totp"
    records = get_authentication_records(request, request.user)
    is_shown = _SHOWN in request.session or any(record["method"] == "mfa" for record in records)
    return "" if is_shown else "mfa_reauthenticate"
