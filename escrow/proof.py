"""The proof that every amount is where its transfers put it. Reads the whole ledger: for a command, not for a page."""

from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext as _

from escrow.models import Account, Deposit, Transfer
from escrow.models.account import SUM_DIGITS
from escrow.money import DECIMAL_PLACES, decimals

_SUM: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=SUM_DIGITS, decimal_places=DECIMAL_PLACES)


def ledger_problems() -> list[str]:
    """One sentence for each thing that is wrong with the ledger; none when it is right."""
    return [*_wrong_balances(), *_wrong_sums(), *_mixed_transfers(), *_too_fine_transfers(), *_wrong_deposits()]


def moved() -> CombinedExpression:
    """To annotate accounts with: what came in less what went out, from the transfers alone."""
    return _total("credit") - _total("debit")


def _total(side: str) -> Coalesce:
    own = Transfer.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(own.annotate(total=Sum("amount")).values("total")), Decimal(0), output_field=_SUM)


def _wrong_balances() -> list[str]:
    wrong = (
        Account.objects.with_balance()
        .annotate(moved=moved())
        .exclude(balance=F("moved"), balance__gte=0)
        .order_by("pk")
    )
    return [
        _("Account %(account)s holds %(balance)s; its transfers make %(moved)s.")
        % {"account": pk, "balance": balance, "moved": sum_moved}
        for pk, balance, sum_moved in wrong.values_list("pk", "balance", "moved")
    ]


def _wrong_sums() -> list[str]:
    """The house's accounts have no balance of their own; theirs is what they moved."""
    sums = Account.objects.order_by("currency").values("currency").annotate(total=Sum(Coalesce("balance", moved())))
    return [
        _("All accounts in %(currency)s make %(sum)s together, not nothing.") % {"currency": currency, "sum": total}
        for currency, total in sums.exclude(total=0).values_list("currency", "total")
    ]


def _mixed_transfers() -> list[str]:
    mixed = Transfer.objects.exclude(debit__currency=F("credit__currency")).order_by("pk")
    return [
        _("Transfer %(pk)s goes from one currency to another.") % {"pk": pk}
        for pk in mixed.values_list("pk", flat=True)
    ]


def _too_fine_transfers() -> list[str]:
    problems = []
    for currency in Account.objects.order_by("currency").values_list("currency", flat=True).distinct():
        of_currency = Transfer.objects.filter(debit__currency=currency).order_by("pk")
        too_fine = of_currency.exclude(amount=Round("amount", precision=decimals(currency)))
        problems += [
            _("Transfer %(pk)s moves a part of the smallest unit of %(currency)s.") % {"pk": pk, "currency": currency}
            for pk in too_fine.values_list("pk", flat=True)
        ]
    return problems


def _wrong_deposits() -> list[str]:
    confirmed = Deposit.objects.filter(state=Deposit.State.CONFIRMED).order_by("pk")
    other = confirmed.exclude(
        transfer__kind=Transfer.Kind.DEPOSIT,
        transfer__amount=F("amount"),
        transfer__credit__owner=F("owner"),
        transfer__credit__currency=F("currency"),
    )
    unasked = Transfer.objects.filter(kind=Transfer.Kind.DEPOSIT, deposit=None).order_by("pk")
    return [
        *(_("Deposit %(reference)s has the transfer of something else.") % {"reference": d.reference} for d in other),
        *(_("Transfer %(pk)s brought money in without a deposit.") % {"pk": transfer.pk} for transfer in unasked),
    ]
