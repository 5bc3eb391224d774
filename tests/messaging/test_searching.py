import pytest
from django.urls import reverse

from messaging import actions, queries
from tests.factories import ContractFactory
from tests.messaging.writing import later, post, post_file


def found(contract, words: str) -> list[str]:
    return [str(hit.excerpt) for hit in queries.find(contract, words)[0]]


@pytest.mark.parametrize("words", ["inlet", "INLET", "inl", "nle", "wall inlet", "  inlet  wall ", "größe"])
def test_find_takes_each_word_anywhere_in_any_case(contract, mara, words):
    post(contract, mara, "The second Inlet changes the wall. GRÖSSE, Größe.")
    post(contract, mara, "Nothing of that kind.")

    assert len(found(contract, words)) == 1


@pytest.mark.parametrize("words", ["%", "_", "\\", "a%b"])
def test_find_takes_signs_as_they_are(contract, mara, words):
    post(contract, mara, "axb")
    signs = post(contract, mara, "100 % of a%b_c\\d")

    (hit,), _more = queries.find(contract, words)

    assert hit.url == signs.get_absolute_url()


def test_search_drops_what_the_database_cannot_hold(contract, mara, as_):
    post(contract, mara, "The second Inlet.")

    page = as_(mara).get(reverse("messaging:search", args=[contract.pk]), {"q": "in\0let"})

    assert len(page.context["found"]) == 1


def test_find_marks_the_words_and_escapes_the_rest(contract, mara):
    post(contract, mara, "<b>Inlet</b> & <mark> inlets")

    assert found(contract, "inlet <mark>") == [
        "&lt;b&gt;<mark>Inlet</mark>&lt;/b&gt; &amp; <mark>&lt;mark&gt;</mark> <mark>inlet</mark>s"
    ]


def test_find_shows_the_text_around_the_first_hit(contract, mara):
    post(contract, mara, "x" * 200 + " inlet " + "y" * 200)

    assert found(contract, "inlet") == ["…" + "x" * 79 + " <mark>inlet</mark> " + "y" * 79 + "…"]


def test_find_looks_at_names_of_files_too(contract, mara):
    attachment = post_file(contract, mara, name="housing inlet 2.pdf", text="Here")
    post_file(contract, mara, name="other.pdf", text="Here")

    (hit,), _more = queries.find(contract, "here inlet")

    assert hit.url == attachment.message.get_absolute_url()
    assert list(map(str, hit.files)) == ["housing <mark>inlet</mark> 2.pdf"]


def test_find_looks_only_at_this_chat(contract, mara):
    post(ContractFactory(freelancer=mara), mara, "inlet")

    assert found(contract, "inlet") == []


def test_find_does_not_know_what_was_deleted_or_said_before_an_edit(contract, mara):
    actions.delete(post_file(contract, mara, name="inlet.pdf", text="inlet").message, by=mara)
    actions.edit(post(contract, mara, "inlet"), by=mara, text="outlet")

    assert found(contract, "inlet") == []


@pytest.mark.parametrize("words", ["", "  \t"])
def test_find_of_nothing_finds_nothing(contract, mara, words):
    post(contract, mara)

    assert queries.find(contract, words) == ([], False)


@pytest.mark.parametrize(("count", "has_more"), [(50, False), (51, True)])
def test_find_shows_the_newest_50(contract, mara, count, has_more):
    for number in range(count):
        with later(number):
            post(contract, mara, f"inlet {number}")

    hits, more = queries.find(contract, "inlet")

    assert (len(hits), more) == (50, has_more)
    assert hits[0].excerpt.endswith(str(count - 1))


@pytest.mark.parametrize("count", [1, 3])
def test_find_is_two_queries(contract, mara, django_assert_num_queries, count):
    for _ in range(count):
        post_file(contract, mara, text="inlet")

    with django_assert_num_queries(2):
        queries.find(contract, "inlet")
