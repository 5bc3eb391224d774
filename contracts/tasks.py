from django.db.models.functions import Now

from contracts.models import Receipt
from notifications.duties import KEPT_FOR, Found, delete, nightly


@nightly("receipts of forms")
def receipts() -> Found:
    """They make a form that is sent twice act once. Nobody sends one again after so long."""
    return delete(Receipt.objects.filter(at__lt=Now() - KEPT_FOR))
