"""Staff see what their colleagues did, and why."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry

LIST = "/admin/admin/logentry/"


@pytest.fixture
def entry(ben, staff):
    LogEntry.objects.log_actions(staff.pk, [ben], CHANGE, "Changed Name. Reason: Asked by phone", single_object=True)
    return LogEntry.objects.get()


def test_log_shows_what_colleagues_did(entry, carol, as_):
    carol.is_staff = carol.is_superuser = True
    carol.save()

    client = as_(carol)
    listed = client.get(LIST)

    assert list(listed.context["cl"].result_list) == [entry]
    for words in ("Sam Staff", "Changed Name. Reason: Asked by phone", "Ben Okafor"):
        assert words in listed.text
    assert client.get(f"{LIST}{entry.pk}/change/").status_code == 200


@pytest.mark.parametrize("words", ["sam", "staff@example.com", "okafor", "phone"])
def test_log_is_searched(entry, staff, as_, words):
    assert list(as_(staff).get(LIST, {"q": words}).context["cl"].result_list) == [entry]


def test_log_is_written_by_nobody(entry, staff, as_):
    client = as_(staff)

    replies = [
        client.post(f"{LIST}add/", {}),
        client.post(f"{LIST}{entry.pk}/change/", {"change_message": "Nothing"}),
        client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}),
    ]

    assert [reply.status_code for reply in replies] == [403] * 3
    assert LogEntry.objects.get().change_message == entry.change_message


def test_log_is_for_those_who_may_see_it(entry, carol, as_):
    carol.is_staff = True
    carol.save()

    assert as_(carol).get(LIST).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_log_takes_the_same_queries_for_one_and_many(ben, staff, as_, rows, django_assert_max_num_queries):
    for _row in range(rows):
        LogEntry.objects.log_actions(staff.pk, [ben], ADDITION, "Added.", single_object=True)
    client = as_(staff)
    client.get(LIST)

    with django_assert_max_num_queries(10):
        client.get(LIST)
