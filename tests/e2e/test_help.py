import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [390, 1280])
def test_help_shows_its_pictures_in_the_place_that_is_kept_for_them(page_for, width):
    page = page_for(None, width=width)
    page.goto("/help/")

    pictures = page.locator(".help-picture")
    expect(pictures).to_have_count(4)
    for picture in pictures.all():
        height = picture.bounding_box()["height"]
        assert height > 100
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 300
        assert picture.bounding_box()["height"] == pytest.approx(height, abs=1)
