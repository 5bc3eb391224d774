"""What `collectstatic` makes of the style sheets, and what goes out compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from config.static import ADDRESS, OneStyleSheet


@pytest.fixture
def collected(tmp_path):
    """The style sheets and pictures as production has them."""
    found = {name: (storage, name) for finder in finders.get_finders() for name, storage in finder.list([])}
    ours = {name: place for name, place in found.items() if name.startswith(("css/", "img/"))}
    target = FileSystemStorage(tmp_path)
    for name, (storage, path) in ours.items():
        with storage.open(path) as file:
            target.save(name, file)
    made = OneStyleSheet(location=tmp_path)
    for _name, _hashed, outcome in made.post_process(ours):
        assert not isinstance(outcome, Exception), outcome
    return made


def whole_sheet(collected: OneStyleSheet) -> str:
    return Path(collected.path(collected.stored_name("css/app.css"))).read_text()


def test_style_sheet_is_in_one_piece(collected):
    sheet = whole_sheet(collected)

    assert "@import" not in sheet
    assert re.findall(r"^@layer (\w+) \{", sheet, re.M)[:4] == ["reset", "tokens", "base", "layout"]
    assert sheet.count("{") == sheet.count("}")
    addresses = [address for address in ADDRESS.findall(sheet) if not address.startswith("#")]
    assert [collected.exists(f"css/{address}") for address in addresses] == [True] * len(addresses) != []


def test_style_sheet_holds_every_rule_of_its_parts(collected):
    sheet = whole_sheet(collected)
    assert Path(finders.find("css/components/button.css")).read_text() in sheet


def test_pages_go_out_compressed(client):
    answer = client.get("/help/", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert b"<h1>Help</h1>" in gzip.decompress(answer.content)


def test_pages_go_out_plain_to_who_asks_for_that(client):
    assert "Content-Encoding" not in client.get("/help/").headers
