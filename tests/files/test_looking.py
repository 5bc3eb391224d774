"""Neither the name of a file nor the type that came with it is believed."""

import io
import zipfile

import pytest

from files.looking import DOCX, DWG, GIF, JPEG, PDF, PNG, STEP, TEXT, WEBP, XLSX, ZIP, accept, clean_name, kind_of
from tests.messaging.writing import upload
from web.refusals import Invalid

STEP_FILE = b"ISO-10303-21;\r\nHEADER;\r\nFILE_DESCRIPTION(('x'),'2;1');\r\nENDSEC;\r\n"


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4\nx", PDF),
        (b"\x89PNG\r\n\x1a\n\x00", PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"GIF89a\x01\x00", GIF),
        (b"GIF87a\x01\x00", GIF),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", WEBP),
        (b"AC1032\x00\x00", DWG),
        (STEP_FILE, STEP),
        (b"\xef\xbb\xbf\n" + STEP_FILE, STEP),
        (b"Hello", TEXT),
        ("Größe;Länge\n1;2\n".encode(), TEXT),
        ("Größe;Länge\n1;2\n".encode("cp1252"), TEXT),
        (b"# Title\n\n<p>Markdown may hold tags</p>", TEXT),
        (archive("a.txt"), ZIP),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ZIP),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), ZIP),
    ],
)
def test_kind_is_what_the_bytes_say(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>x",
        b"  \n<html><body>x",
        b"\xef\xbb\xbf<HTML>",
        b"<script>alert(1)</script>",
        b'<?xml version="1.0"?><svg onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<iframe src=x>",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"AC10\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x05\x06" + b"\x00" * 18,
        b"text with a \x00",
        "Größe".encode("utf-16"),
        b"x" * 2000 + b"\x01",
    ],
)
def test_anything_else_is_of_no_kind(content):
    assert kind_of(content) is None


@pytest.mark.parametrize(
    ("name", "kind", "cleaned"),
    [
        ("plan.pdf", PDF, "plan.pdf"),
        ("PLAN.PDF", PDF, "PLAN.PDF"),
        ("photo.JPEG", JPEG, "photo.JPEG"),
        ("page.html", TEXT, "page.html.txt"),
        ("part.DXF", TEXT, "part.DXF"),
        ("part.stl", TEXT, "part.stl"),
        ("data.json", TEXT, "data.json"),
        ("offer.odt", ZIP, "offer.odt"),
        ("talk.pptx", ZIP, "talk.pptx"),
        ("macros.xlsm", ZIP, "macros.xlsm.zip"),
        ("invoice.pdf.exe", PDF, "invoice.pdf.exe.pdf"),
        ("picture.svg", PNG, "picture.svg.png"),
        ("table.csv", TEXT, "table.csv"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Windows\\system.ini", TEXT, "system.ini.txt"),
        ("plan\u202efdp.exe", PDF, "planfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "a Set-Cookie_ x.pdf"),
        ('a"b;c.pdf', PDF, "a_b;c.pdf"),
        ("  ..plan  2 .pdf ", PDF, "plan 2 .pdf"),
        ("\u00a0\u2003.pdf", PDF, "pdf.pdf"),
        ("Zeichnung für Größe.pdf", PDF, "Zeichnung für Größe.pdf"),
        ("Gro\u0308ße.pdf", PDF, "Größe.pdf"),
        ("図面.pdf", PDF, "図面.pdf"),
        ("", PDF, "file.pdf"),
        ("\u200b\u202e", TEXT, "file.txt"),
        ("x" * 300 + ".pdf", PDF, "x" * 116 + ".pdf"),
    ],
)
def test_name_is_safe_and_its_ending_true(name, kind, cleaned):
    assert clean_name(name, kind) == cleaned


def test_accepted_file_says_what_was_found():
    file = accept(upload(b"Hello", "page.html", "text/html"))

    assert (file.name, file.kind, file.size) == ("page.html.txt", TEXT, 5)
    assert file.sha256 == "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"


def test_file_that_lies_about_its_type_is_refused():
    with pytest.raises(Invalid) as refusal:
        accept(upload(b"<svg/>", "photo.png", "image/png"))

    assert refusal.value.sentence == (
        "“photo.png” cannot be sent. Put it into a ZIP file, or send it as "
        "PDF, PNG, JPEG, GIF, WebP, DWG, STEP, text, CSV, Markdown, Word or Excel."
    )


@pytest.mark.parametrize(("size", "is_allowed"), [(100, True), (101, False)])
def test_file_can_have_so_many_bytes(settings, size, is_allowed):
    settings.ATTACHMENT_BYTES = 100
    file = upload(b"x" * size, "notes.txt")

    if is_allowed:
        assert accept(file).size == 100
    else:
        with pytest.raises(Invalid, match="too large"):
            accept(file)


def test_empty_file_is_refused():
    with pytest.raises(Invalid, match="is empty"):
        accept(upload(b""))
