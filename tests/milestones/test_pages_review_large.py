"""The largest review that there can be is answered like any other: what it sends fits into every limit."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from milestones.models import Change
from milestones.models.terms import DESCRIPTION_LENGTH
from milestones.rules import MAXIMUM_LINES
from tests import factories as do
from tests.milestones.browsing import typed
from tests.milestones.snapshots import nothing_changes

EMOJI = "\N{GRINNING FACE}"  # four bytes, and twelve in a form


@pytest.fixture
def url(contract) -> str:
    do.save(
        contract,
        *(
            do.add(f"Part {number}", "10.00", description=EMOJI * DESCRIPTION_LENGTH, row=f"n{number}")
            for number in range(MAXIMUM_LINES)
        ),
    )
    return reverse("milestones:review", args=[contract.pk])


def fits(form: dict[str, list[str]]) -> bool:
    few = sum(map(len, form.values())) <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 4
    return few and len(urlencode(form, doseq=True)) <= 100_000


def test_the_largest_review_is_approved_declined_and_checked(url, ben_at):
    review = ben_at.open(url)
    assert [set(typed(review, f"{verb} all {MAXIMUM_LINES}")) for verb in ("Approve", "Decline")] == [
        {"csrfmiddlewaretoken", "seen", "key", "every"}
    ] * 2

    for field in review.fields:
        if review.name(field) == "Decline":
            field.tick()
    assert fits(typed(review, "Check and finish"))
    with nothing_changes():
        each = ben_at.press(review, "Check and finish")
        every = ben_at.press(review, f"Decline all {MAXIMUM_LINES}")
    assert fits(typed(each, f"Decline {MAXIMUM_LINES}"))
    assert fits(typed(every, f"Decline {MAXIMUM_LINES}"))

    every = ben_at.press(review, f"Approve all {MAXIMUM_LINES}")
    assert fits(typed(every, f"Approve {MAXIMUM_LINES}"))
    ben_at.press(every, f"Approve {MAXIMUM_LINES}")

    assert ben_at.response.status_code == 200
    assert set(Change.objects.values_list("state", flat=True)) == {"accepted"}
