"""Private addresses under which a person's calendar program reads due dates, without signing in.

Invariants, held by the database: a person has at most one that is open; a stopped one never opens again; what was made
is never changed.

An address is shown again in the settings, because people have a telephone and a computer; and yet a copy of the
database must not open anybody's calendar. So its token is not stored: it is computed from the row's random seed and
SECRET_KEY, of which neither is enough, and looked up by its hash. With a new SECRET_KEY the addresses in use open as
before, and those whose old key is not in SECRET_KEY_FALLBACKS are not shown any more.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _


def new_seed() -> str:
    return secrets.token_urlsafe(32)


def token_of(seed: str, key: str | bytes) -> str:
    """43 letters, digits, - and _: 256 bits that nobody can compute without the key."""
    digest = salted_hmac("calendars.feed", seed, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """A plain hash is enough: nobody can try out 256 bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class FeedQuerySet(models.QuerySet["CalendarFeed"]):
    def live(self) -> "FeedQuerySet":
        """Neither stopped nor made before its person's password was changed: the address ends with the password."""
        is_newer = Q(person__keys_changed_at=None) | Q(created_at__gt=F("person__keys_changed_at"))
        return self.filter(is_newer, stopped_at=None, person__is_active=True)

    def opened_by(self, token: str) -> "FeedQuerySet":
        """What is looked up is a hash of what was asked for, so the time that it takes tells nothing of the tokens."""
        return self.live().filter(token_hash=hash_of(token)).select_related("person")


class CalendarFeed(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    seed = models.CharField(max_length=43)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    stopped_at = models.DateTimeField(_("stopped"), null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(stopped_at=None), name="calendars_feed_one_open")
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="made_once", fields=["person", "seed", "token_hash", "created_at"]),
            pgtrigger.Protect(
                name="stopped_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__stopped_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        """Empty when it was made under a SECRET_KEY that the site does not know any more."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_of(self.seed, key)
            if constant_time_compare(hash_of(token), self.token_hash):
                return token
        return ""
