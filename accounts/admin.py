from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import Site, actor_of
from accounts.models import User
from staff.log import LogAdmin
from staff.reasons import DeletedWithReason, WithReason
from text.fields import LineField

# The first two are shown with their person. Edited alone, an address would part from `User.email`, and the page of an
# authenticator would show its secret. Sessions are their people's own matter.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.register(LogEntry, LogAdmin)
admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DeletedWithReason, WithReason):
    """Rights that are handed out together."""

    fields = ("name", "permissions", "reason")
    filter_horizontal = ("permissions",)
    search_fields = ("name",)
    ordering = ("name",)


class ByActor:
    """Who acted, as a column, and the rule, as a field; `acted` is the first of the two columns that keep it."""

    acted: ClassVar[str] = "by"

    @admin.display(description=_("by"))
    def actor(self, row: Model) -> str:
        return str(actor_of(row, self.acted) or "")

    @admin.display(description=_("by the rule"))
    def rule(self, row: Model) -> str:
        """Empty where a person acted."""
        actor = actor_of(row, self.acted)
        return str(actor.rule.words) if isinstance(actor, Site) else ""


class Addresses(admin.TabularInline):  # type: ignore[type-arg]
    model = EmailAddress
    verbose_name_plural = _("e-mail addresses")
    fields = readonly_fields = ("email", "verified", "primary")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SecondFactors(admin.TabularInline):  # type: ignore[type-arg]
    """Staff can remove the second factor of a person who has lost it; they never see its secret."""

    model = Authenticator
    verbose_name_plural = _("two-factor sign-in")
    fields = readonly_fields = ("type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(WithReason):
    """No password here: a person whom staff add asks for one with "Forgotten your password?"."""

    list_display = ("display_name", "email", "second_factor", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("display_name", "email")
    ordering = ("-id",)
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("display_name", "email", "time_zone", "reason")}),
        (_("May do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "keys_changed_at", "money_held_until")}),
    )
    readonly_fields = ("last_login", "date_joined", "keys_changed_at", "money_held_until")
    inlines = (Addresses, SecondFactors)

    @admin.display(description=_("two-factor"), boolean=True)
    def second_factor(self, person: Any) -> bool:
        return bool(person.has_second_factor)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **options: Any) -> Any:
        words = _(
            "A new address signs the person out; they set a new password from there. "
            "Both addresses are told, and the person moves no money for three days."
        )
        options |= {"help_texts": {"email": words} if obj else {}, "field_classes": {"display_name": LineField}}
        return super().get_form(request, obj, *args, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        codes = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(has_second_factor=Exists(codes))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser hands out rights; else anybody who may edit people could make themselves one."""
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups", "user_permissions")
        return (*self.readonly_fields, *rights)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers change colleagues; else whoever may edit people could take over a colleague's account."""
        if obj and (obj.is_staff or obj.is_superuser) and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are made inactive; what they agreed to and paid stays with their name."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "display_name" in form.changed_data:
            actions.tell_new_name(obj, before=form.initial["display_name"], by=cast(User, request.user))
        if change and "email" in form.changed_data:
            actions.readdress(obj, former=form.initial["email"])
