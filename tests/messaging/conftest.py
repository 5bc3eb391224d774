from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from tests.factories import ContractFactory
from tests.milestones.browsing import Visitor


@pytest.fixture
def contract(ben: User, mara: User) -> Contract:
    """Ben pays, Mara works; days begin and end in Berlin."""
    return ContractFactory(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture(autouse=True)
def _files_in_memory(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }


@pytest.fixture
def mara_at(mara: User, as_: Callable[[User], Client]) -> Visitor:
    return Visitor(as_(mara))


@pytest.fixture
def ben_at(ben: User, as_: Callable[[User], Client]) -> Visitor:
    return Visitor(as_(ben))
