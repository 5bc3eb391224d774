"""What the page of components is made from: each in the states that people meet."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator

from milestones.pages.charts import money_bar
from milestones.plan import Money


class Sample(forms.Form):
    name = forms.CharField(label="Milestone name")
    amount = forms.DecimalField(label="Amount in US dollars", help_text="At least $5.00", min_value=Decimal(5))
    due_date = forms.DateField(label="Due date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea(attrs={"rows": 2}))


def components() -> dict[str, Any]:
    money = Money(paid=Decimal(400), in_escrow=Decimal(1200), not_funded=Decimal(1150), suggested=Decimal(700))
    return {
        "money_bar": money_bar(money, "USD"),
        "page_obj": Paginator(range(3), per_page=1).page(2),
        "form": Sample({"name": "", "amount": "4", "description": "Three directions by hand"}),
    }
