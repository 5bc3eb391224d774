"""How many files are kept, and what becomes of them when the message does not: on a real disk, with real faults."""

import datetime
import os
import resource
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from demo.data.clock import standing_at
from files import keeping, media
from files.looking import accept
from messaging.models import Message
from tests.factories import ContractFactory
from tests.messaging.writing import PDF, post, post_file, stored, upload
from tests.milestones.snapshots import nothing_changes
from web.refusals import Invalid


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    """Files lie in a folder of the test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_FREE_BYTES = 0
    return tmp_path / "media"


@pytest.fixture
def send(contract, mara, as_):
    def send(*uploads, text="Look at this"):
        form = {"client_id": str(uuid.uuid4()), "text": text, "attachments": list(uploads)}
        return as_(mara).post(reverse("messaging:post", args=[contract.pk]), form, headers={"HX-Request": "true"})

    return send


# --- How much ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("limit", "status", "sentence"),
    [
        ("CONTRACT_BYTES", 422, "The files of a contract can have at most 30\xa0bytes together, and 15\xa0bytes"),
        ("PERSON_BYTES_A_DAY", 429, "You can send files of at most 30\xa0bytes in a day, and have sent 15\xa0bytes."),
    ],
)
def test_more_than_a_limit_is_refused_in_words_and_keeps_the_text(send, settings, limit, status, sentence):
    setattr(settings, limit, 2 * len(PDF))
    send(upload())
    with nothing_changes():
        response = send(upload(), upload())

    assert response.status_code == status
    assert sentence in response.text
    assert "Look at this</textarea>" in response.text
    assert len(stored()) == 1
    assert send(upload()).status_code == 200  # exactly as much as there may be


def test_limits_are_of_one_contract_and_of_one_person(contract, ben, mara, settings):
    settings.CONTRACT_BYTES = settings.PERSON_BYTES_A_DAY = len(PDF)
    other = ContractFactory(client=ben, freelancer=mara)
    post_file(contract, mara)

    with pytest.raises(keeping.TooMuchToday):
        post_file(other, mara)
    with pytest.raises(Invalid):
        post_file(contract, ben)
    post_file(other, ben)


def test_what_was_sent_a_day_ago_counts_no_more(contract, mara, settings):
    settings.PERSON_BYTES_A_DAY = len(PDF)
    with standing_at(timezone.now() - datetime.timedelta(days=1, minutes=1)):
        post_file(contract, mara)

    post_file(contract, mara)


def test_the_same_message_again_is_not_counted_twice(contract, mara, settings):
    settings.CONTRACT_BYTES = len(PDF)
    client_id = uuid.uuid4()

    for _ in range(2):
        post(contract, mara, "Here", client_id=client_id, attachments=[accept(upload())])

    assert len(stored()) == 1


def test_limits_are_said_before_anything_is_sent(contract, mara, as_):
    page = as_(mara).get(reverse("messaging:chat", args=[contract.pk])).text

    assert "At most 5 at once and 10.0\xa0MB each; 500.0\xa0MB in a day, and 2.0\xa0GB in this contract." in page


# --- No room ----------------------------------------------------------------------------------------------------------
def test_without_free_space_no_file_is_taken(send, settings):
    settings.MEDIA_FREE_BYTES = 2**62
    with nothing_changes():
        response = send(upload())

    assert response.status_code == 507
    assert "There is no room for files just now." in response.text
    assert "Look at this</textarea>" in response.text
    assert stored() == []
    assert send(text="Without files").status_code == 200


def test_a_folder_that_cannot_be_written_is_said_in_words(send, disk):
    disk.write_text("a file")  # not even the administrator of the machine can write into it
    with nothing_changes():
        response = send(upload())

    assert response.status_code == 507
    assert "The files could not be kept just now." in response.text
    assert "Look at this</textarea>" in response.text


def test_a_disk_that_fills_up_in_the_midst_leaves_no_part_of_a_file(send):
    with nothing_changes(), largest_file(200_000):
        response = send(upload(), upload(b"x" * 1_000_000, "notes.txt"))

    assert response.status_code == 507
    assert stored() == []


def test_a_disk_that_fills_up_as_a_file_arrives_keeps_the_text(send):
    """A large one waits on disk until the form has looked at it."""
    with nothing_changes(), largest_file(200_000):
        response = send(upload(), upload(b"x" * 3_000_000, "notes.txt"))

    assert response.status_code == 422
    assert "There was no room for “notes.txt” just now." in response.text
    assert "Look at this</textarea>" in response.text
    assert stored() == []


@contextmanager
def largest_file(size: int):
    """The system lets no file of ours grow beyond this: writing ends as on a full disk, half done."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_soft, hard))


# --- When the message is not written ----------------------------------------------------------------------------------
AT_COMMIT = """
    CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {} RETURN NULL; END$$;
    CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON messaging_message DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION at_commit();
"""


@pytest.fixture
def at_commit(transactional_db):
    def at_commit(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(AT_COMMIT.format(statement))

    yield at_commit
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS at_commit CASCADE")


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation';", 0),
        ("RAISE EXCEPTION 'too long' USING ERRCODE = 'lock_not_available';", 0),
        ("PERFORM pg_terminate_backend(pg_backend_pid());", 1),
    ],
)
def test_files_go_with_a_message_that_failed_and_stay_with_one_of_which_nobody_knows(
    at_commit, contract, mara, statement, kept
):
    at_commit(statement)

    with pytest.raises(Exception):  # noqa: B017, PT011 (each is another one)
        post_file(contract, mara)
    connection.close()

    assert (Message.objects.count(), len(stored())) == (0, kept)


# --- Rows and files ---------------------------------------------------------------------------------------------------
def test_what_has_lost_its_other_half_is_named(contract, mara, disk):
    whole, lost = post_file(contract, mara), post_file(contract, mara)
    default_storage.delete(lost.file.name)
    orphans = [default_storage.save(f"chat/{folder}/0", upload()) for folder in (whole.file.name[5:7], "zz")]
    long_ago = (timezone.now() - 2 * media.YOUNG).timestamp()
    for place in orphans:
        os.utime(disk / place, (long_ago, long_ago))
    default_storage.save("chat/zz/young", upload())

    assert media.parted() == (sorted(orphans), [lost.file.name])


def test_where_nothing_was_ever_sent_nothing_is_wrong(db):
    assert media.parted() == ([], [])
