import re

import pytest
from django.urls import include, path, reverse

from config.urls import urlpatterns as site

urlpatterns = [*site, path("", include("demo.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_each_component_is_shown_once(ben, as_):
    page = as_(ben).get(reverse("demo:styleguide")).text

    ids = re.findall(r'<[a-z][^>]*\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page))
    assert {name for target in targets for name in target.split()} <= set(ids)


def test_links_lead_to_what_is_on_the_page(ben, as_):
    page = as_(ben).get(reverse("demo:styleguide")).text

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'\sid="([^"]+)"', page))


def test_nobody_else_sees_it_than_people(client):
    assert client.get(reverse("demo:styleguide")).status_code == 302


def test_it_is_not_there_without_the_demo(ben, as_, settings):
    settings.ROOT_URLCONF = "config.urls"

    assert as_(ben).get("/styleguide/").status_code == 404
