"""Rights that are handed out together: nothing of them changes without a reason in the log."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db

LIST = "/admin/auth/group/"


@pytest.fixture
def group():
    return Group.objects.create(name="Bookkeeping")


def logged() -> list[str]:
    return [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]


@pytest.mark.parametrize("reason", ["", "  "])
def test_group_is_neither_added_nor_changed_nor_deleted_without_a_reason(staff, group, as_, reason):
    client = as_(staff)

    added = client.post(f"{LIST}add/", {"name": "Support", "reason": reason})
    changed = client.post(f"{LIST}{group.pk}/change/", {"name": "Books", "reason": reason})
    deleted = client.post(f"{LIST}{group.pk}/delete/", {"post": "yes", "reason": reason})

    assert "reason" in added.context["adminform"].errors
    assert "reason" in changed.context["adminform"].errors
    assert (deleted.status_code, "Say why, in a few words." in deleted.text) == (422, True)
    assert [group.name for group in Group.objects.all()] == ["Bookkeeping"]
    assert logged() == []


def test_group_is_added_changed_and_deleted_with_a_reason_in_the_log(staff, as_):
    client = as_(staff)

    client.post(f"{LIST}add/", {"name": "Support", "reason": "Two new colleagues"})
    group = Group.objects.get()
    client.post(f"{LIST}{group.pk}/change/", {"name": "Help", "reason": "Its new name"})
    client.post(f"{LIST}{group.pk}/delete/", {"post": "yes", "reason": "Nobody is in it"})

    assert not Group.objects.exists()
    assert logged() == [
        "Added. Reason: Two new colleagues",
        "Changed Name. Reason: Its new name",
        "Reason: Nobody is in it",
    ]


def test_groups_are_not_deleted_all_at_once(staff, group, as_):
    client = as_(staff)
    client.post(LIST, {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"})

    assert Group.objects.exists()
    assert "delete_selected" not in client.get(LIST).text
