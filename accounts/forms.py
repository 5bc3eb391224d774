from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts import time_zones
from accounts.models import User
from text.fields import LineField

NAMES = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "remember": _("Stay signed in on this device"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}


RULES = _("At least 10 characters, not only digits, not one that many people use, and unlike your name and address.")


class ProfileFields(forms.Form):
    display_name = LineField(
        label=_("Name"),
        max_length=80,
        help_text=_("The people you work with see this name."),
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones.choices,
        initial="UTC",
        help_text=_("You see all times in this zone."),
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )


class ProfileForm(ProfileFields):
    def __init__(self, data: Any, *, person: User) -> None:
        super().__init__(data, initial={"display_name": person.display_name, "time_zone": person.time_zone})
        self.fields["time_zone"].choices = time_zones.choices_with(person.time_zone)  # type: ignore[attr-defined]


class HouseWords(forms.Form):
    """The labels of the house on the forms of allauth; a placeholder that repeats its label is noise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = NAMES.get(name, field.label)
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.template_name = "ui/password.html"
        if "password1" in self.fields:
            self.fields["password1"].help_text = RULES


class SignUpForm(HouseWords, ProfileFields, allauth.SignupForm):
    """The name and the zone are stored by `accounts.adapter.Adapter`, together with the new person."""

    field_order = ("display_name", "email", "password1", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = NAMES["password"]
        if not self.is_bound:
            self.fields["time_zone"].widget.template_name = "ui/browser_zone.html"

    def try_save(self, request: Any) -> Any:
        """A password is hashed in both cases: the time of the answer does not tell whether an address is known."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class SignInForm(HouseWords, allauth.LoginForm):
    pass


class ChangeEmailForm(HouseWords, allauth.AddEmailForm):
    pass


class ChangePasswordForm(HouseWords, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(HouseWords, allauth.SetPasswordForm):
    pass


class ForgottenPasswordForm(HouseWords, allauth.ResetPasswordForm):
    pass


class NewPasswordForm(HouseWords, allauth.ResetPasswordKeyForm):
    pass
