"""Who signs: a person, or an organisation with people.

Everybody has a party of their own from the moment they are here; the database makes it with the person, whoever made
that. Its name is the person's. Who belongs to an organisation may change; who was in it when is kept.
"""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from parties.permissions import Role
from text.languages import isolated

NAME_LENGTH = 80

OWN_PARTY = """
    INSERT INTO parties_party (kind, person_id, name) VALUES ('person', NEW.id, '') RETURNING id INTO own;
    INSERT INTO parties_membership (party_id, person_id, role, since) VALUES (own, NEW.id, 'owner', now());
    RETURN NULL;
"""

NOBODY_ELSE = """
    IF EXISTS (
        SELECT FROM parties_party WHERE id = NEW.party_id AND kind = 'person' AND person_id <> NEW.person_id
    ) THEN
        RAISE EXCEPTION 'Party % is a person: nobody else belongs to it.', NEW.party_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

NEVER_LEFT = """
    IF EXISTS (SELECT FROM parties_party WHERE id = OLD.party_id AND kind = 'person') THEN
        RAISE EXCEPTION 'Party % is a person, who never leaves it.', OLD.party_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""


class Kind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class PartyQuerySet(models.QuerySet["Party"]):
    def lock(self, *parties: "Party") -> None:
        """Until the transaction ends nobody joins or leaves them, and they begin no contract."""
        rows = self.select_for_update(of=("self",), no_key=True).order_by("pk")
        list(rows.filter(pk__in=[party.pk for party in parties]))


class Party(models.Model):
    Kind = Kind

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="party",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    """Of an organisation; a person's is asked of the person."""

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                name="parties_party_person_or_named",
                condition=Q(kind="person", person__isnull=False, name="")
                | (Q(kind="organisation", person=None) & ~Q(name="")),
                violation_error_message=_("An organisation has a name."),
            ),
            models.CheckConstraint(name="parties_party_name_trimmed", condition=Q(name=Trim("name"))),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stays_who_it_is", fields=["kind", "person"]),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.name

    @property
    def told_apart_by(self) -> str:
        """From others of the same name."""
        return self.person.email if self.person else f"#{self.pk}"

    @property
    def is_organisation(self) -> bool:
        return self.kind == Kind.ORGANISATION

    def get_short_name(self) -> str:
        """By which the interface speaks of it, as it may stand in a sentence. On a contract: `Contract.name_of`."""
        return self.person.get_short_name() if self.person else isolated(self.name)

    def people(self) -> list[User]:
        """Who is told of what concerns this party. No query for a person."""
        if self.person:
            return [self.person]
        return list(User.objects.filter(memberships__party=self).order_by("pk"))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    model_name="MembershipHistory",
    append_only=True,
)
class Membership(models.Model):
    """That a person may act for a party. It ends by going; its history stays."""

    Role = Role

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OWNER)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["party", "person"], name="parties_membership_once"),
            models.CheckConstraint(name="parties_membership_role_known", condition=Q(role__in=Role.values)),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(name="nobody_else", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NOBODY_ELSE),
            pgtrigger.Trigger(name="never_left", when=pgtrigger.Before, operation=pgtrigger.Delete, func=NEVER_LEFT),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class Person(User):
    """Holds the trigger that gives everybody a party of their own; nothing else uses this name of a person."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="own_party",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                declare=[("own", "bigint")],
                func=OWN_PARTY,
            )
        ]
