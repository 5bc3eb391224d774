"""People. A person signs in by e-mail and may be freelancer on one contract and client on another."""

import zoneinfo
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import time_zones
from text import names
from text.languages import isolated
from text.typed import is_blank


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, like Europe/Berlin."))


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """One person, one address: Ben@Example.com and ben@example.com reach the same inbox."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=self.normalize_email(email))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail address.")},
    )
    display_name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language of the last visit"), max_length=16, default="en", editable=False)
    """In which this person is told of what happens while they are away."""
    keys_changed_at = models.DateTimeField(_("keys last changed"), null=True, blank=True, editable=False)
    """When the password was last set or taken away: private addresses made before open nothing."""
    money_held_until = models.DateTimeField(_("money waits until"), null=True, blank=True, editable=False)
    """Until then this person moves no money: staff gave them a new address, and the old one may want to object."""
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    """Raised to end all sessions of this person."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="accounts_user_email_lower_case",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Write the e-mail address in lower case."),
            )
        ]

    def __str__(self) -> str:
        return self.email if is_blank(self.display_name) else self.display_name.strip()

    def set_password(self, raw_password: str | None) -> None:
        """However it is changed; Django's own renewal of a password's hash saves only the hash."""
        super().set_password(raw_password)
        self.keys_changed_at = timezone.now()

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self.keys_changed_at = timezone.now()

    @property
    def is_money_held(self) -> bool:
        return self.money_held_until is not None and timezone.now() < self.money_held_until

    def get_session_auth_hash(self) -> str:
        """A session ends with the password, and with the epoch."""
        return self._of_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from map(self._of_epoch, super().get_session_auth_fallback_hash())

    def _of_epoch(self, seal: str) -> str:
        return f"{seal}.{self.session_epoch}" if self.session_epoch else seal

    def get_full_name(self) -> str:
        return str(self)

    @property
    def zone_name(self) -> str:
        return time_zones.name_of(self.time_zone)

    def get_short_name(self) -> str:
        """By which the interface speaks of people, as it may stand in a sentence. On a contract: `Contract.name_of`."""
        return isolated(names.short(str(self)))
