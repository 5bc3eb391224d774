import re
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection

from notifications import actions, outbox
from notifications.kinds import Kind
from notifications.models import Email, Job
from tests.notifications.conftest import alarms
from web.refusals import NotYours, WrongMoment

NOTIFICATIONS = "/admin/notifications/notification/"
OUTBOX = "/admin/notifications/email/"
JOBS = "/admin/notifications/job/"
LISTS = (NOTIFICATIONS, OUTBOX, JOBS)


@pytest.fixture
def told(ben, tell):
    return tell(ben, text="Mara suggests a change", kind=Kind.MONEY)


@pytest.fixture
def failed(told) -> Email:
    told.email.settle(Email.State.FAILED, reason="SMTPServerDisconnected: gone", subject="")
    Email.objects.update(attempts=6)
    empty_the_queue()
    return Email.objects.get()


@pytest.fixture
def broken(told) -> Job:
    """A job that the worker could not do."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 1")
    return Job.objects.get()


def empty_the_queue():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def row(page, thing):
    return f"{page}{thing.pk}/change/"


@pytest.mark.parametrize("page", LISTS)
def test_staff_read_and_search(told, staff, as_, page):
    client = as_(staff)
    model = client.get(page).context["cl"].model
    thing = model.objects.get()

    assert list(client.get(page, {"q": thing.pk if page == JOBS else "ben@"}).context["cl"].queryset) == [thing]
    assert list(client.get(page, {"q": "nobody"}).context["cl"].queryset) == []
    assert client.get(row(page, thing)).status_code == 200


@pytest.mark.parametrize("page", LISTS)
def test_pages_have_no_style_and_no_script_of_their_own(told, staff, as_, page):
    """The policy would refuse them."""
    client = as_(staff)
    thing = client.get(page).context["cl"].model.objects.get()

    for address in (page, row(page, thing)):
        assert re.findall(r"\sstyle=|<style|<script>|\son[a-z]+=", client.get(address).text) == []


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("act", ["add", "{pk}/change", "{pk}/delete"])
def test_staff_change_nothing(told, staff, as_, page, act):
    thing = as_(staff).get(page).context["cl"].model.objects.get()

    response = as_(staff).post(f"{page}{act.format(pk=thing.pk)}/", {"text": "Else", "post": "yes"})

    assert response.status_code == 403
    told.refresh_from_db()
    assert (told.text, told.email.state, len(alarms())) == ("Mara suggests a change", "queued", 1)


@pytest.mark.parametrize("page", LISTS)
def test_others_do_not_get_in(told, ben, as_, page):
    assert as_(ben).get(page).status_code == 302


def test_outbox_shows_what_was_sent_and_what_it_told(told, staff, as_, work):
    work()

    page = as_(staff).get(row(OUTBOX, told.email)).text

    assert mail.outbox[0].subject in page
    assert "Mara suggests a change" in page
    assert str(told.email.key) in page


@pytest.mark.parametrize("rows", [1, 3])
def test_outbox_takes_the_same_queries(ben, staff, tell, as_, rows, django_assert_num_queries):
    for _ in range(rows):
        tell(ben)
    client = as_(staff)

    with django_assert_num_queries(10):  # session, person, staff's own note, count, unread, first and last day, rows
        client.get(OUTBOX)


# --- Send again -------------------------------------------------------------------------------------------------------
def again(client, email, **form):
    return client.post(f"{OUTBOX}{email.pk}/send-again/", {"key": uuid.uuid4(), "reason": "Repaired", **form})


def test_a_failed_mail_is_sent_again_with_a_reason(failed, staff, as_, work):
    client = as_(staff)
    assert f"{OUTBOX}{failed.pk}/send-again/" in client.get(row(OUTBOX, failed)).text

    assert again(client, failed).url == row(OUTBOX, failed)
    work()

    failed.refresh_from_db()
    assert (failed.state, failed.attempts, len(mail.outbox)) == ("sent", 0, 1)
    assert LogEntry.objects.get().change_message == "Queued again. Reason: Repaired"


def test_a_form_that_is_sent_twice_sends_once(failed, staff, as_, work):
    client = as_(staff)
    again(client, failed)
    again(client, failed)
    work()

    assert len(mail.outbox) == 1


def test_a_mail_that_waits_after_a_failure_need_not_wait_longer(told, staff, as_, work):
    Email.objects.update(attempts=4, due_at="2030-01-01T00:00:00Z")

    again(as_(staff), told.email)
    work()

    assert len(mail.outbox) == 1


def test_without_a_reason_nothing_is_sent(failed, staff, as_):
    assert again(as_(staff), failed, reason="").status_code == 422
    assert alarms() == []


def test_a_mail_that_was_sent_is_not_sent_again(told, staff, as_, work):
    work()
    client = as_(staff)

    assert "send-again" not in client.get(row(OUTBOX, told.email)).text
    assert again(client, told.email).status_code == 409
    with pytest.raises(WrongMoment, match="could not be sent"):
        actions.send_again(told.email, by=staff)


def test_only_staff_send_again(failed, ben):
    with pytest.raises(NotYours):
        actions.send_again(failed, by=ben)


# --- Run again --------------------------------------------------------------------------------------------------------
def test_a_failed_job_runs_again_with_a_reason(broken, staff, as_):
    response = as_(staff).post(f"{JOBS}{broken.pk}/run-again/", {"key": uuid.uuid4(), "reason": "Repaired"})

    assert response.url == row(JOBS, broken)
    assert [email_id for email_id, _at in alarms()] == [broken.args["email_id"]]
    assert LogEntry.objects.get().change_message == "It runs again. Reason: Repaired"


def test_a_job_that_waits_is_not_run_again(told, staff, as_):
    job = Job.objects.get()

    assert "run-again" not in as_(staff).get(row(JOBS, job)).text
    with pytest.raises(WrongMoment, match="has failed"):
        actions.run_again(job, by=staff)


def test_only_staff_run_again(broken, ben):
    with pytest.raises(NotYours):
        actions.run_again(broken, by=ben)


def test_job_page_names_its_task(told, staff, as_):
    assert outbox.DELIVER in as_(staff).get(JOBS).text
