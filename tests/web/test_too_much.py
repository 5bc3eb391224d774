"""What is sent is bounded, and so is what comes back of it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import ContractFactory
from text import returned

pytestmark = pytest.mark.django_db
TOO_MUCH = "That is more than can be sent at once."


@pytest.fixture
def manage(ben, mara) -> str:
    return reverse("milestones:manage", args=[ContractFactory(client=ben, freelancer=mara).pk])


def proposal(**fields: str) -> dict[str, object]:
    given = {"title": "Pump", "amount": "100", "description": "", **fields}
    row = {f"n1-{name}": value for name, value in given.items()}
    return {"do": "save", "seen": 0, "key": uuid.uuid4(), "row": "n1", "n1-mode": "edit", **row}


@pytest.mark.parametrize("field", ["title", "amount", "description"])
def test_of_a_text_that_is_far_too_long_the_beginning_comes_back(manage, mara, as_, field):
    answer = as_(mara).post(manage, proposal(**{field: "7" * 1_000_000}))

    assert answer.status_code == 422
    assert answer.text.count("7" * returned.MOST) == 1
    assert "7" * (returned.MOST + 1) not in answer.text


@pytest.mark.parametrize("title", ["", "T" * 201])
def test_what_somebody_typed_within_the_limits_comes_back_whole(manage, mara, as_, title):
    text = "\N{GRINNING FACE}" * 20_000

    answer = as_(mara).post(manage, proposal(title=title, description=text))

    assert answer.status_code == 422
    assert text in answer.text


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"x": "x" * (3 * 2**20)}, id="too long"),
        pytest.param({f"x{number}": "" for number in range(2_001)}, id="too many fields"),
    ],
)
@pytest.mark.parametrize("checked", [True, False])
def test_a_form_that_is_too_large_is_refused_in_words(manage, mara, form, checked):
    client = Client(enforce_csrf_checks=checked)  # what looks at the form first
    client.force_login(mara)
    client.cookies["csrftoken"] = "a" * 32

    answer = client.post(manage, form)

    assert answer.status_code == 413
    assert TOO_MUCH in answer.text


def test_what_is_misunderstood_otherwise_is_still_said_so(client):
    answer = client.get("/help/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "The request was not understood" in answer.text
