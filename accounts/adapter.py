from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages  # noqa: TID251 (as a view, it answers a request)
from django.http import HttpRequest  # noqa: TID251

from accounts import devices
from accounts.models import User


class Adapter(DefaultAccountAdapter):
    """Where allauth asks the house."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, *rest: Any, **options: Any) -> Any:
        """The name and the zone of the sign-up form go into the same row, so nobody is here without a name."""
        user.display_name = form.cleaned_data["display_name"]
        user.time_zone = form.cleaned_data["time_zone"]
        return super().save_user(request, user, form, *rest, **options)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address that belongs to somebody else stays theirs, also while they have not verified it."""
        if User.objects.exclude(pk=email_address.user_id).filter(email=email_address.email).exists():
            text = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, text, {"email": email_address.email})
            return False
        return bool(super().confirm_email(request, email_address))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted for an address, and apart from those in a browser where its person has been."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        device = devices.known(request, str(credentials.get("email", "")))
        return f"{key}:{device}" if device else str(key)
