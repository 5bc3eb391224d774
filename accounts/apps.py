from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest  # noqa: TID251 (signals of a sign-in)


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Signals of others: the sign-in library has no other place for this."""
        from allauth.account.signals import password_reset  # noqa: PLC0415 (it needs the models)
        from allauth.account.signals import user_logged_in as signed_in  # noqa: PLC0415
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        user_logged_in.connect(_note_person)
        password_reset.connect(_note_person)
        signed_in.connect(_end_oldest)
        authenticator_added.connect(_end_others)


def _note_person(sender: object, *, request: HttpRequest | None, user: Any, **_: object) -> None:
    """The browser has shown that it is this person's (`accounts.middleware.KnownDevices`)."""
    if request:
        request.shown_to_be = user  # type: ignore[attr-defined]


def _end_oldest(sender: object, *, user: Any, **_: object) -> None:
    from accounts import sessions  # noqa: PLC0415 (it needs the models)

    sessions.end_oldest(user)


def _end_others(sender: object, *, request: HttpRequest, authenticator: Any, **_: object) -> None:
    """What was signed in without the second factor ends as it is switched on."""
    from accounts import sessions  # noqa: PLC0415 (it needs the models)
    from staff.site import note_second_factor  # noqa: PLC0415

    if authenticator.type == authenticator.Type.TOTP:
        note_second_factor(request)
        sessions.end_others(request)
