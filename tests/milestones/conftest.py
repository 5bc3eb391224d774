from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from escrow.queries import ledger_problems
from milestones.queries import escrow_problems
from tests.factories import ContractFactory
from tests.milestones.browsing import Visitor


@pytest.fixture(autouse=True)
def _books(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did, the ledger is right afterwards, and each funded milestone's escrow holds its amount."""
    if "db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")
    yield
    assert ledger_problems() == []
    assert escrow_problems() == []


@pytest.fixture
def contract(ben: User, mara: User) -> Contract:
    """Ben pays, Mara works; days begin and end in Berlin."""
    return ContractFactory(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def mara_at(mara: User, as_: Callable[[User], Client]) -> Visitor:
    return Visitor(as_(mara))


@pytest.fixture
def ben_at(ben: User, as_: Callable[[User], Client]) -> Visitor:
    return Visitor(as_(ben))


@pytest.fixture
def people(ben: User, mara: User, carol: User, staff: User) -> dict[str, User]:
    return {"client": ben, "freelancer": mara, "outsider": carol, "staff": staff}
