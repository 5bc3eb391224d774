from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from tests.contracts.listening import Listener
from tests.factories import ContractFactory
from tests.serving import Site


@pytest.fixture
def contract(ben: User, mara: User) -> Contract:
    """Ben pays, Mara works; days begin and end in Berlin."""
    return ContractFactory(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def listen(site: Site) -> Iterator[Callable[..., Listener]]:
    """`listen(ben)`: the stream of an open page of his."""
    opened: list[Listener] = []

    def listen(person: User | Client | None, **options: str) -> Listener:
        opened.append(Listener(site, person, **options))
        return opened[-1]

    yield listen
    for listener in opened:
        listener.close()
