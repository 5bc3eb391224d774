"""The help page: it answers each question, explains each state, and every hint leads to a place on it."""

import ast
import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from help.questions import SECTIONS
from milestones.models import Milestone
from web import refusals

ROOT = Path(settings.BASE_DIR)
URL = "/help/"
ANCHORS = [question.anchor for section in SECTIONS for question in section.questions]


def ids(page) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page.text)


@pytest.mark.parametrize("person", ["ben", "mara", "carol", "staff"])
def test_page_opens_for_everybody_who_is_signed_in(as_, request, person):
    assert as_(request.getfixturevalue(person)).get(URL).status_code == 200


def test_page_opens_without_a_sign_in_and_without_a_query(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(URL).status_code == 200


def test_page_is_only_read(client):
    assert client.post(URL).status_code == 405


def test_each_question_has_its_own_place_and_its_own_answer(client):
    page = client.get(URL)

    assert len(ids(page)) == len(set(ids(page)))
    assert [anchor for anchor in ids(page) if anchor in ANCHORS] == ANCHORS
    files = {path.stem for path in (ROOT / "templates/help/answers").glob("*.html")}
    assert files == set(ANCHORS)


def test_contents_lead_to_places_on_the_page(client):
    page = client.get(URL)

    assert set(re.findall(r'href="#([^"]+)"', page.text)) <= set(ids(page))


def test_page_explains_each_state_by_the_name_that_the_plan_shows(client):
    page = client.get(URL).text
    explained = re.findall(
        r'<th scope="row">\s*<span class="tag" data-state="(\w+)"><svg.*?</svg>(.*?)</span>', page, re.S
    )

    assert dict(explained) == {state.value: str(state.label) for state in Milestone.State}


def topics_in_code() -> set[str]:
    """What refusals and hints name: `topic="…"` in calls, `topic = "…"` on classes."""
    found = set()
    for path in (
        path
        for app in ("accounts", "contracts", "escrow", "files", "messaging", "milestones", "web")
        for path in ROOT.glob(f"{app}/**/*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "topic":
                found |= {leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)}
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "topic":
                found |= {leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)}
    return found - {""}


def test_each_topic_that_code_names_is_a_question():
    assert len(topics_in_code()) >= 8
    assert topics_in_code() <= set(ANCHORS)


def test_each_place_that_a_template_names_is_on_the_page():
    named = {
        anchor
        for path in ROOT.glob("templates/**/*.html")
        for anchor in re.findall(r'"help:home" %}#([\w-]+)', path.read_text())
    }

    assert named <= {*ANCHORS, "contact"}


@pytest.mark.parametrize(
    ("refusal", "topic"),
    [
        (refusals.Refused("No."), "not-now"),
        (refusals.NotYours("No."), "not-yours"),
        (refusals.WrongMoment("No."), "not-now"),
        (refusals.WrongMoment("No.", topic="ended"), "ended"),
        (refusals.Stale("No."), "changed-meanwhile"),
        (refusals.Invalid("No."), "not-accepted"),
    ],
)
def test_refusal_says_where_to_read_more(refusal, topic):
    assert (refusal.topic, str(refusal)) == (topic, "No.")


def test_refused_page_leads_to_its_topic(client, db):
    page = client.post(reverse("accounts:theme"), {"theme": "blue"})

    assert page.status_code == 422
    assert 'href="/help/#not-accepted"' in page.text


@pytest.mark.parametrize("url", ["/accounts/login/", "/help/", "/help/contact/", "/nowhere/"])
def test_help_stands_at_the_end_of_pages_for_nobody_in_particular(client, db, url):
    assert_ends_with_help(client.get(url).text)


@pytest.mark.parametrize("url", ["/contracts/", "/money/", "/settings/", "/notifications/", "/nowhere/"])
def test_help_stands_at_the_end_of_pages_for_people(ben, as_, url):
    assert_ends_with_help(as_(ben).get(url).text)


def assert_ends_with_help(page: str) -> None:
    (footer,) = re.findall(r"<footer.*?</footer>\s*</body>", page, re.S)
    assert re.findall(r'href="([^"]+)"', footer) == ["/help/", "/help/contact/"]


def test_pictures_are_there_in_the_size_that_the_page_keeps_free_for_them(client, db):
    page = client.get("/help/").text
    pictures = re.findall(r'src="/static/(img/help/[^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"', page)

    assert len(pictures) == 4
    for name, width, height, _words in pictures:
        head = Path(finders.find(name)).read_bytes()[:24]
        assert struct.unpack(">II", head[16:]) == (int(width), int(height))
