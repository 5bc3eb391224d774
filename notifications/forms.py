import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import queries
from notifications.kinds import Frequency, Kind, frequencies
from notifications.models import QuietHours
from notifications.times import Hours

HINTS = {
    Kind.ANSWER: _("The other side waits until you answer, so this cannot be turned off."),
    Kind.MESSAGE: _("At once means ten minutes after it was written, unless you have read it by then."),
}


class Clock(forms.TimeInput):
    input_type = "time"


class MarkedForm(forms.Form):
    """When lines were marked as read, all in one go."""

    at = forms.DateTimeField()

    def clean_at(self) -> datetime.datetime:
        """In UTC: Python knows offsets that Postgres does not."""
        at: datetime.datetime = self.cleaned_data["at"]
        try:
            return at.astimezone(datetime.UTC)
        except OverflowError as error:
            raise forms.ValidationError("no moment", code="invalid") from error


class PreferencesForm(forms.Form):
    """One choice a kind, named by the kind, and the quiet hours."""

    quiet_begin = forms.TimeField(label=_("From"), required=False, widget=Clock(format="%H:%M"))
    quiet_end = forms.TimeField(label=_("Until"), required=False, widget=Clock(format="%H:%M"))

    def __init__(self, data: Any, *, person: User) -> None:
        quiet = QuietHours.objects.filter(person=person).first()
        chosen = queries.frequencies(person)
        hours = {"quiet_begin": quiet.begin, "quiet_end": quiet.end} if quiet else {}
        super().__init__(data, initial={**hours, **{kind.value: frequency.value for kind, frequency in chosen.items()}})
        for kind in Kind:
            choices = [(choice.value, choice.label) for choice in frequencies(kind)]
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, help_text=HINTS.get(kind, ""), choices=choices, widget=forms.RadioSelect
            )

    def kinds(self) -> list[forms.BoundField]:
        return [self[kind.value] for kind in Kind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("quiet_begin"), cleaned.get("quiet_end")
        if {"quiet_begin", "quiet_end"} & set(self.errors):
            return cleaned
        if (begin is None) != (end is None):
            self.add_error(
                "quiet_end" if end is None else "quiet_begin",
                _("Enter both times, or leave both empty to get mail at all hours."),
            )
        elif begin is not None and begin == end:
            self.add_error("quiet_end", _("Quiet hours must end at another time than they begin."))
        return cleaned

    @property
    def chosen(self) -> dict[Kind, Frequency]:
        return {kind: Frequency(self.cleaned_data[kind.value]) for kind in Kind}

    @property
    def quiet(self) -> Hours | None:
        begin, end = self.cleaned_data["quiet_begin"], self.cleaned_data["quiet_end"]
        return Hours(begin, end) if begin is not None and end is not None else None
