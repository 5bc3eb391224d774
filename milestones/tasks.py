from django.utils.translation import gettext as _

from milestones import queries
from notifications.duties import Found, nightly


@nightly("proof of the ledger")
def prove_ledger() -> Found:
    problems = queries.money_problems()
    return Found("\n".join(problems), is_wrong=True) if problems else Found(_("The ledger is clean."))
