"""Texts are rendered once; a page reads them in one query, and renders no more than it has time for."""

import pytest
from django.core.management import call_command

from messaging import actions
from tests import factories as do
from tests.factories import ContractFactory, add
from tests.messaging.writing import post
from text import shown
from text.markdown import RENDERER, plain, render
from text.models import Rendered
from text.shown import Shown, work_of

pytestmark = pytest.mark.django_db


def save_terms(contract):
    do.save(contract, add("Part", description="*words*"))


def say(contract):
    post(contract, contract.client.person, "*words*")


def change_words(contract):
    actions.edit(post(contract, contract.client.person, "Words"), by=contract.client.person, text="*words*")


@pytest.fixture
def renders(monkeypatch) -> list[str]:
    """The texts that are rendered from now on."""
    made = []

    def count(text: str) -> str:
        made.append(text)
        return render(text)

    monkeypatch.setattr(shown, "render", count)
    return made


def test_shown_renders_each_text_once(renders, django_assert_num_queries):
    Shown(["*one*", "two", "*one*", ""]).keep()

    with django_assert_num_queries(1):
        page = Shown(["two", "*one*"])
        assert page["*one*"] == "<p><em>one</em></p>\n"
        assert page["two"] == "<p>two</p>\n"

    assert renders == ["*one*", "two"]


def test_shown_asks_nothing_for_no_text(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = Shown(["", "words that no page shows"])
        assert page[""] == ""


def test_shown_renders_no_more_than_the_work_of_a_page(renders):
    texts = [f"**{number}**" for number in range(4)]
    page = Shown(texts, work=2 * work_of(texts[0]))

    assert [page[text] for text in texts] == [*map(render, texts[:2]), *map(plain, texts[2:])]
    assert renders == texts[:2]


def test_shown_comes_to_the_end_of_a_page_in_some_visits(renders):
    texts = [f"- {number}\n" * 5000 for number in range(4)]
    for _visit in texts:
        Shown(texts).keep()

    assert renders == texts


def test_shown_makes_anew_what_another_renderer_made():
    Rendered.objects.create(digest=shown.digest("*a*"), renderer="0", html="<p>old</p>")

    assert Shown(["*a*"])["*a*"] == "<p><em>a</em></p>\n"


def test_shown_stands_two_at_once(monkeypatch):
    """Another request renders the same text between the look and the write."""

    def meanwhile(text: str) -> str:
        Rendered.objects.create(digest=shown.digest(text), renderer=RENDERER, html=render(text))
        return render(text)

    monkeypatch.setattr(shown, "render", meanwhile)

    assert Shown(["*a*"])["*a*"] == "<p><em>a</em></p>\n"
    assert Rendered.objects.count() == 1


def test_render_texts_renders_what_pages_show_and_drops_the_rest(capsys, renders):
    contract = ContractFactory()
    do.save(contract, add("Part", description="*terms*"))
    post(contract, contract.client.person, "*words*")
    Rendered.objects.create(digest="x", renderer="0", html="<p>old</p>")

    call_command("render_texts")

    assert sorted(renders) == ["*terms*", "*words*"]
    assert {*Rendered.objects.values_list("renderer", flat=True)} == {RENDERER}
    assert capsys.readouterr().out == "2 texts are rendered; 1 of older renderers are dropped.\n"


@pytest.mark.parametrize("writes", [save_terms, say, change_words])
def test_a_text_is_rendered_when_it_is_saved(writes, renders, django_capture_on_commit_callbacks):
    contract = ContractFactory()
    with django_capture_on_commit_callbacks(execute=True):
        writes(contract)

    assert renders[-1:] == ["*words*"]
