"""Each index is a write at every act, so none is there twice."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey, Model, UniqueConstraint

from tests.test_conventions import APPS


def offenders(model: type[Model]) -> Iterator[str]:
    """Foreign keys with an index of their own, though another index of all rows begins with them."""
    indexes = [index.fields for index in model._meta.indexes if index.condition is None]
    constraints = [each for each in model._meta.constraints if isinstance(each, UniqueConstraint)]
    indexes += [list(each.fields) for each in constraints if each.condition is None]
    first = {fields[0].removeprefix("-") for fields in indexes if fields}
    for field in model._meta.local_fields:
        if isinstance(field, ForeignKey) and field.db_index and not field.unique and field.name in first:
            yield f"{model._meta.label}.{field.name}"


def test_no_foreign_key_is_indexed_twice():
    models = [model for app in APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()]

    assert [each for model in models for each in offenders(model)] == []
