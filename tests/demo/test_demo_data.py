"""The demo's contracts, as `make demo` makes them."""

from collections import Counter
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.models import User
from contracts.events import SENTENCES, tell
from contracts.models import Contract, Event
from demo import data, people
from escrow.models import Deposit, Transfer
from escrow.money import decimals
from escrow.queries import ledger_problems
from messaging.models import Message
from milestones.models import Change, Milestone
from milestones.queries import escrow_problems
from notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> None:
    assert data.make()


def found(model, field):
    return set(model.objects.values_list(field, flat=True))
