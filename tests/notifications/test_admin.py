import pytest

from notifications.actions import notify

LIST = "/admin/notifications/notification/"


@pytest.fixture
def told(ben):
    return notify(ben, text="Mara suggests a change", url="/contracts/2/")


def test_staff_read_and_search(told, staff, as_):
    client = as_(staff)

    assert list(client.get(LIST, {"q": "ben@"}).context["cl"].queryset) == [told]
    assert client.get(f"{LIST}{told.pk}/change/").status_code == 200


@pytest.mark.parametrize("act", ["add", "{pk}/change", "{pk}/delete"])
def test_staff_change_nothing(told, staff, as_, act):
    assert as_(staff).post(f"{LIST}{act.format(pk=told.pk)}/", {"text": "Else", "post": "yes"}).status_code == 403
    told.refresh_from_db()
    assert told.text == "Mara suggests a change"
