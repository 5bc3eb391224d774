from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest

from accounts.forms import ProfileFields
from accounts.models import User


class Adapter(DefaultAccountAdapter):
    """Where allauth asks the house."""

    def save_user(self, request: HttpRequest, user: User, form: ProfileFields, commit: bool = True) -> User:
        """The name and the zone of the sign-up form go into the same row, so nobody is here without a name."""
        user.display_name = form.cleaned_data["display_name"]
        user.time_zone = form.cleaned_data["time_zone"]
        person: User = super().save_user(request, user, form, commit)
        return person

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address that belongs to somebody else stays theirs, also while they have not verified it."""
        if User.objects.exclude(pk=email_address.user_id).filter(email=email_address.email).exists():
            text: dict[str, Any] = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", text)
            return False
        confirmed: bool = super().confirm_email(request, email_address)
        return confirmed
