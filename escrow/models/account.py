import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escrow.money import DECIMAL_PLACES, currency_choices
from parties.models import Party
from parties.queries import acts_for

SUM_DIGITS = 18
"""Wider than a price (`money.MAX_DIGITS`): a balance is the sum of very many of them."""


ABOVE_ALL_SUMS = 10 ** (SUM_DIGITS - DECIMAL_PLACES)


class AccountQuerySet(models.QuerySet["Account"]):
    def of(self, user: User) -> "AccountQuerySet":
        """Of all parties for which this person acts."""
        return self.filter(acts_for(user, "owner"))

    def with_balance(self) -> "AccountQuerySet":
        """All but the house's own."""
        return self.filter(balance__isnull=False)


class Account(models.Model):
    class Kind(models.TextChoices):
        GATEWAY = "gateway", _("Outside")
        PLATFORM = "platform", _("Platform")
        CLIENT = "client", _("Balance")
        ESCROW = "escrow", _("In escrow")
        EARNINGS = "earnings", _("Earned")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="money_accounts")
    balance = models.DecimalField(
        _("balance"), max_digits=SUM_DIGITS, decimal_places=DECIMAL_PLACES, null=True, blank=True
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="escrow_account_of_a_person_or_of_the_house",
                condition=Q(kind__in=["gateway", "platform"], owner=None, balance=None)
                | Q(kind__in=["client", "escrow", "earnings"], owner__isnull=False, balance__isnull=False),
            ),
            models.CheckConstraint(name="escrow_account_not_below_zero", condition=Q(balance__gte=0)),
            # Postgres counts NaN above every number, so only an upper bound keeps it out.
            models.CheckConstraint(name="escrow_account_is_a_number", condition=Q(balance__lt=ABOVE_ALL_SUMS)),
            models.UniqueConstraint(
                name="escrow_account_one_a_person",
                fields=["owner", "currency", "kind"],
                condition=Q(kind__in=["client", "earnings"]),
            ),
            models.UniqueConstraint(
                name="escrow_account_one_a_house",
                fields=["kind", "currency"],
                condition=Q(kind__in=["gateway", "platform"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="opens_empty", operation=pgtrigger.Insert, condition=pgtrigger.Condition("NEW.balance <> 0")
            ),
            pgtrigger.Protect(
                name="moved_by_transfers_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.currency} {self.pk}"
