"""Files that are sent along, and how they are served: only to those who may have them, and never to run."""

import pytest
from django.urls import reverse

from files import looking
from messaging.models import Attachment
from tests.messaging.writing import PDF, PNG, later, post_file, stored, upload
from tests.milestones.snapshots import nothing_changes


@pytest.fixture
def send(contract, mara, as_):
    """Send these files as a browser does."""

    def send(*uploads, text="", **options):
        form = {"client_id": "6a5ff2ea-4a7c-4f1d-9f44-0f6d1d2f9a01", "text": text, "attachments": list(uploads)}
        return as_(mara).post(reverse("messaging:post", args=[contract.pk]), form, **options)

    return send


def served(attachment: Attachment, client):
    address = reverse("messaging:attachment", args=[attachment.message.contract_id, attachment.pk])
    return client.get(address)


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_files_come_with_the_message(send, contract):
    response = send(upload(), upload(PNG, "photo.png"), text="Here")

    assert response.status_code == 302
    message = contract.messages.get()
    assert message.text == "Here"
    assert list(message.attachments.order_by("id").values_list("name", "content_type", "size")) == [
        ("plan.pdf", "application/pdf", len(PDF)),
        ("photo.png", "image/png", len(PNG)),
    ]


def test_file_needs_no_text(send, contract):
    send(upload())

    assert contract.messages.get().text == ""
    assert contract.messages.get().attachments.count() == 1


def test_stored_name_says_nothing_and_cannot_be_guessed(send):
    send(upload(b"Hello", "../secret plan.html", "text/html"))

    place = Attachment.objects.get().file.name
    assert stored() == [place]
    assert place.startswith("chat/")
    assert len(place.rpartition("/")[2]) == 32
    assert "." not in place


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (upload(b"<html>", "plan.pdf", "application/pdf"), "“plan.pdf” cannot be sent."),
        (upload(b"<svg/>", "a.png", "image/png"), "“a.png” cannot be sent."),
        (upload(b"", "plan.pdf"), "“plan.pdf” is empty."),
        (upload(b"MZ\x00", "setup.exe"), "“setup.exe” cannot be sent."),
    ],
)
def test_file_that_is_refused_leaves_nothing_and_keeps_the_text(send, bad, sentence):
    bad.seek(0)
    with nothing_changes():
        response = send(upload(), bad, text="Look at this")

    assert response.status_code == 422
    assert sentence in response.text
    assert "Look at this</textarea>" in response.text
    assert stored() == []


def test_every_refused_file_is_named(send):
    response = send(upload(b"MZ\x00", "a.exe"), upload(b"<svg/>", "b.svg"))

    assert "“a.exe” cannot" in response.text
    assert "“b.svg” cannot" in response.text


def test_file_that_is_too_large_is_refused_and_not_kept_while_it_arrives(send, settings):
    settings.ATTACHMENT_BYTES = 1_000_000

    with nothing_changes():
        response = send(upload(b"x" * 5_000_000, "notes.txt"), text="Long")

    assert response.status_code == 422
    assert "“notes.txt” is too large: a file can have at most 976.6\xa0KB." in response.text
    assert response.context["form"].files["attachments"].size < 1_200_000


def test_sixth_file_is_refused(send):
    response = send(*(upload(name=f"{number}.pdf") for number in range(6)))

    assert response.status_code == 422
    assert "Send at most 5 files at once." in response.text
    assert stored() == []


# --- Serving ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "name", "kind", "disposition"),
    [
        (PDF, "plan.pdf", "application/pdf", 'attachment; filename="plan.pdf"'),
        (PNG, "photo.png", "image/png", 'inline; filename="photo.png"'),
        (b"Hello", "page.html", "text/plain", 'attachment; filename="page.html.txt"'),
        (b"AC1032\x00", 'a"b.dwg', "image/vnd.dwg", 'attachment; filename="a_b.dwg"'),
        (PDF, "Größe.pdf", "application/pdf", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf"),
    ],
)
def test_file_is_served_as_what_it_is(contract, ben, mara, as_, content, name, kind, disposition):
    response = served(post_file(contract, mara, content, name), as_(ben))

    assert b"".join(response.streaming_content) == content
    assert (response["Content-Type"], response["Content-Disposition"]) == (kind, disposition)
    assert response["Content-Length"] == str(len(content))


def test_nothing_in_a_file_can_run(contract, ben, mara, as_):
    response = served(post_file(contract, mara), as_(ben))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "private, no-cache"


def test_only_kinds_that_hold_no_script_are_shown_in_the_page():
    assert {"image/png", "image/jpeg", "image/gif", "image/webp"} == looking.SHOWN_IN_PAGE


def test_file_that_the_browser_has_is_not_sent_again(contract, ben, carol, mara, as_):
    attachment = post_file(contract, mara)
    etag = served(attachment, as_(ben))["ETag"]
    address = reverse("messaging:attachment", args=[contract.pk, attachment.pk])

    assert as_(ben).get(address, headers={"If-None-Match": etag}).status_code == 304
    assert as_(carol).get(address, headers={"If-None-Match": etag}).status_code == 404


def test_file_that_is_lost_is_not_there(contract, ben, mara, as_):
    attachment = post_file(contract, mara)
    attachment.file.storage.delete(attachment.file.name)

    assert served(attachment, as_(ben)).status_code == 404


def test_file_is_found_in_the_admin(contract, mara, staff, as_):
    with later(0):
        attachment = post_file(contract, mara, name="<b>.pdf")

    page = as_(staff).get(f"/admin/messaging/message/{attachment.message_id}/change/").text

    assert f'href="/contracts/{contract.pk}/messages/files/{attachment.pk}/">_b_.pdf</a>' in page
