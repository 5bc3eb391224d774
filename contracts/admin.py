"""Staff start contracts here and read them. What belongs to the plan joins them in `milestones.admin`."""

from typing import Any, ClassVar, cast

import pghistory
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Q, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import time_zones
from accounts.admin import ByActor
from accounts.models import User
from contracts import actions, events
from contracts.models import WHO_CAN_SIGN_IN, Contract, Event
from parties.models import Party
from staff.reasons import ReadOnly, ReasonForm, WithReason
from staff.records import Part, Record, any_of
from text.fields import LineField
from web.http import key_of

EXCERPT = 60
MANY = 5
"""How many people of one name are told apart by their addresses."""
PEOPLE = tuple(
    f"{side}__{name}" for side in ("client", "freelancer") for name in ("person__display_name", "person__email", "name")
)


def people_of(path: str) -> tuple[str, ...]:
    """What a search looks through to find the rows of a party's contracts; `path` leads to the contract."""
    return tuple(f"{path}__{name}" for name in PEOPLE)


class BesideContract:
    """A list of a contract's rows: short, for titles are long and the list is about the rows."""

    @admin.display(description=gettext_lazy("contract"), ordering="contract__title")
    def of_contract(self, row: Any) -> str:
        return Truncator(row.contract.title).chars(EXCERPT)


class OfContract(admin.SimpleListFilter):
    """One contract's rows: the contract's page links to them. Not offered before, for there are too many to choose."""

    title = gettext_lazy("contract")
    parameter_name = "contract"
    paths: ClassVar[tuple[str, ...]] = ("contract",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = str(self.value() or "")
        key = key_of(value)
        chosen = Contract.objects.filter(pk=key).first() if key else None
        return [(value, chosen.title if chosen else _("Unknown"))] if value else []

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        value = str(self.value() or "")
        if not value:
            return queryset
        key = key_of(value)
        return queryset.filter(any_of(self.paths, key)) if key else queryset.none()


class PartyInput(AdminTextInputWidget):
    template_name = "admin/person_field.html"

    def __init__(self, of: str) -> None:
        super().__init__({"list": f"people-{of}", "autocomplete": "off"})
        self.of = of

    def get_context(self, *given: Any) -> dict[str, Any]:
        context = super().get_context(*given)
        context["widget"]["of"] = self.of
        return context

    class Media:
        js = (Script("js/person-field.js", defer=True),)


class PartyField(forms.CharField):
    """One of very many: typed as name or address, or both as `Ben Okafor <ben@example.com>`, or as `#1000007`."""

    def __init__(self, of: str, label: Any) -> None:
        super().__init__(
            label=label,
            help_text=gettext_lazy("Type the name or the e-mail address."),
            error_messages={"required": gettext_lazy("Choose a person.")},
            widget=PartyInput(of),
        )

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value)).strip()
        found = _called(words)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("Nobody who can sign in has this name or address."))
        addresses = ", ".join(party.told_apart_by for party in found)
        raise forms.ValidationError(_("Several people have this name. Type the address: %s") % addresses)


def _called(words: str) -> list[Party]:
    """The one with this address or number, or else those with this name; of very many the newest."""
    parties = Party.objects.filter(WHO_CAN_SIGN_IN).select_related("person")
    address = words.rpartition("<")[2].rstrip("> ").lower()
    number = key_of(address[1:]) if address.startswith("#") else None
    exact = Q(pk=number) if number else Q(person__email=address)
    by_name = Q(person__display_name__iexact=words) | Q(name__iexact=words)
    return list(parties.filter(exact)[:1]) or list(parties.filter(by_name).order_by("-pk")[:MANY])


class StartForm(ReasonForm):
    client = PartyField("client", gettext_lazy("Client"))
    freelancer = PartyField("freelancer", gettext_lazy("Freelancer"))
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones.choices,
        initial="UTC",
        help_text=gettext_lazy("Days begin and end in this zone."),
    )

    class Meta:
        model = Contract
        fields = ("title", "client", "freelancer", "currency", "time_zone")
        field_classes = {"title": LineField}
        error_messages = {
            "title": {"required": gettext_lazy("Enter a title.")},
            "currency": {"required": gettext_lazy("Choose a currency.")},
        }


@admin.register(Contract)
class ContractAdmin(Record, WithReason):
    list_display = ("title", "client", "freelancer", "state", "currency", "started_at")
    list_filter = ("state", "currency")
    list_select_related = ("client__person", "freelancer__person")
    search_fields = ("title", *PEOPLE)
    date_hierarchy = "started_at"
    parts: ClassVar[tuple[Part, ...]] = (Part(Event, ("contract",), "contract"),)
    history_fields = ("title", "state", "plan_revision")
    fields = ("title", "client", "freelancer", "currency", "time_zone", "state", "started_at", "ended_at")

    # --- Start --------------------------------------------------------------------------------------------------------
    def has_add_permission(self, request: HttpRequest) -> bool:
        return WithReason.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else (*StartForm.Meta.fields, "reason")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **options: Any) -> Any:
        return super().get_form(request, obj, *args, **options, form=forms.ModelForm if obj else StartForm)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Only for a new one; the others are read-only."""
        terms = {name: form.cleaned_data[name] for name in StartForm.Meta.fields}
        with pghistory.context(reason=form.cleaned_data["reason"]):
            obj.pk = actions.start(**terms, by=cast(User, request.user)).pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        words = _("“%(title)s” has started. %(client)s and %(freelancer)s have been told.")
        facts = {"title": obj, "client": obj.name_of(obj.client), "freelancer": obj.name_of(obj.freelancer)}
        self.message_user(request, words % facts)
        return HttpResponseRedirect(reverse("admin:contracts_contract_change", args=[obj.pk]))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        one_button = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, {**one_button, **(extra_context or {})})


class Verb(admin.SimpleListFilter):
    title = gettext_lazy("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(verb, verb) for verb in sorted(events.Happened.verbs)]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ByActor, BesideContract, ReadOnly):
    list_display = ("at", "sentence", "of_contract", "actor", "party")
    list_display_links = ("at",)
    list_filter = (Verb, OfContract)
    list_select_related = ("contract__client__person", "contract__freelancer__person", "by", "party__person")
    search_fields = ("contract__title", "by__display_name", "by__email", *people_of("contract"))
    date_hierarchy = "at"
    fields = ("contract", "at", "by", "rule", "party", "verb", "sentence", "facts", "url", "plan_revision")
    readonly_fields = ("sentence", "rule")

    @admin.display(description=gettext_lazy("what happened"))
    def sentence(self, event: Event) -> str:
        return events.tell(event)
