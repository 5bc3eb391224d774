"""Whatever everybody does in whatever order: plan, suggestions, money and records stay consistent."""

import os
from decimal import Decimal
from random import Random, SystemRandom

import pytest

from tests.milestones import machine

STEPS_OF_A_WALK = 50

SOAK = int(os.environ.get("SOAK", "0"))
"""How many steps `make soak` tries, others each time. Otherwise it is always the same thousand."""


@pytest.mark.slow
def test_any_sequence_keeps_what_must_hold(db, settings):
    """A walk is drawn evenly: Hypothesis, which likes what is small, made 1,000 steps in which nobody was ever paid."""
    settings.FOUR_EYES_ABOVE = {"USD": Decimal(60)}
    machine.done.clear()
    first = SystemRandom().getrandbits(32) if SOAK else 0
    for number in range((SOAK or 1000) // STEPS_OF_A_WALK):
        draw = Random(first + number)  # noqa: S311 no secret
        seeds = [draw.getrandbits(64) for _ in range(STEPS_OF_A_WALK)]
        try:
            machine.walk(seeds)
        except Exception as error:
            error.add_note(f"seed {first + number}; enough are {machine.shortest(seeds)}")
            raise

    assert {name for name, *_ in machine.VERBS} == set(machine.done), "each verb was done, and not only refused"
