import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import one_acted, rule_column
from escrow.models.account import ABOVE_ALL_SUMS, SUM_DIGITS, Account
from escrow.money import DECIMAL_PLACES

MOVES = """
    IF NOT EXISTS (
        SELECT FROM escrow_account debit
        JOIN escrow_account credit ON credit.currency = debit.currency
        WHERE debit.id = NEW.debit_id AND credit.id = NEW.credit_id
        AND (NEW.kind, debit.kind, credit.kind) IN (
            ('deposit', 'gateway', 'client'),
            ('funding', 'client', 'escrow'),
            ('top_up', 'client', 'escrow'),
            ('release', 'escrow', 'earnings'),
            ('refund', 'escrow', 'client'),
            ('payout', 'earnings', 'gateway')
        )
        AND (debit.owner_id = credit.owner_id OR NEW.kind IN ('deposit', 'release', 'payout'))
    ) THEN
        RAISE EXCEPTION 'A % cannot go from account % to account %.', NEW.kind, NEW.debit_id, NEW.credit_id
        USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM escrow_account
        WHERE id IN (NEW.debit_id, NEW.credit_id) AND balance IS NOT NULL
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE escrow_account
        SET balance = balance + CASE id WHEN NEW.credit_id THEN NEW.amount ELSE -NEW.amount END
        WHERE id IN (NEW.debit_id, NEW.credit_id) AND balance IS NOT NULL;
    RETURN NULL;
"""

# Only a connection that was opened with this setting may empty the ledger: the tests do, between two of them.
NEVER_EMPTIED = """
    IF current_setting('tranche.truncate', true) IS DISTINCT FROM 'allowed' THEN
        RAISE EXCEPTION 'The ledger is append-only: % cannot be truncated.', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""


class Transfer(models.Model):
    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("Funds added")
        FUNDING = "funding", _("Put into escrow")
        TOP_UP = "top_up", _("Added to escrow")
        RELEASE = "release", _("Paid from escrow")
        REFUND = "refund", _("Returned from escrow")
        PAYOUT = "payout", _("Paid out")

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits", db_index=False)
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits", db_index=False)
    amount = models.DecimalField(_("amount"), max_digits=SUM_DIGITS, decimal_places=DECIMAL_PLACES)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("Made by whoever asks, so that asking twice moves once.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    by_rule = rule_column()
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="escrow_transfer_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="escrow_transfer_amount_is_a_number", condition=Q(amount__lt=ABOVE_ALL_SUMS)),
            models.CheckConstraint(name="escrow_transfer_two_accounts", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(name="escrow_transfer_one_acted", condition=one_acted()),
        ]
        indexes = [
            models.Index(fields=["debit", "-id"], name="escrow_transfer_debits"),
            models.Index(fields=["credit", "-id"], name="escrow_transfer_credits"),
        ]
        triggers = [
            pgtrigger.Trigger(name="moves_balances", when=pgtrigger.After, operation=pgtrigger.Insert, func=MOVES),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func=NEVER_EMPTIED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} ({self.debit_id} → {self.credit_id})"
