"""The private calendar address in the settings: made, copied, renewed and stopped, with script and without."""

import pytest
from playwright.sync_api import Page, expect

from calendars import actions

ADDRESS = "Your private calendar address"


def test_settings_show_the_address_and_copy_it(page_for, site, mara):
    token = actions.make_feed(mara).token
    page = page_for(mara)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings/")

    expect(page.get_by_label(ADDRESS)).to_have_value(f"{site.url}/calendar/{token}.ics")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}/calendar/{token}.ics"


def test_copy_selects_the_address_where_the_clipboard_is_closed(page_for, mara):
    actions.make_feed(mara)
    page = page_for(mara)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/settings/calendar/")
    page.get_by_role("button", name="Copy").click()

    field = page.get_by_label(ADDRESS)
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionEnd - field.selectionStart === field.value.length")


@pytest.mark.parametrize("javascript", [True, False])
def test_make_renew_and_stop(page_for, mara, javascript):
    page = page_for(mara, javascript=javascript)
    page.goto("/settings/")
    if not javascript:
        page.get_by_role("link", name=ADDRESS).click()

    page.get_by_role("button", name="Make an address").click()
    first = address_on(page)
    page.get_by_role("button", name="Make a new address").click()
    expect(page.get_by_label(ADDRESS)).not_to_have_value(first)
    second = address_on(page)
    assert statuses(page, first, second) == [404, 200]

    expect(page.get_by_role("button", name="Copy")).to_have_count(1 if javascript else 0)
    page.get_by_role("button", name="Close this address").click()
    expect(page.get_by_role("button", name="Make an address")).to_be_visible()
    assert statuses(page, first, second) == [404, 404]


def address_on(page: Page) -> str:
    expect(page.get_by_label(ADDRESS)).to_be_visible()
    return page.get_by_label(ADDRESS).input_value()


def statuses(page: Page, *addresses: str) -> list[int]:
    return [page.request.get(address).status for address in addresses]
