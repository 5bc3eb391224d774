"""The plan to and from other programs. Nothing here writes: what is pasted goes to the manage page, where Save is."""

from codecs import BOM_UTF8

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contracts.models import Contract
from contracts.views import contract_of, crumbs
from milestones.forms import seen_now
from milestones.pages import export
from milestones.pages.manage.staging import Stage
from milestones.pages.paste.fates import fates
from milestones.pages.paste.page import PastePage
from milestones.pages.paste.pasting import PasteForm, carried
from web.http import Request

READS = ("read", "instead")
"""The buttons of the page: read what it shows, or not the file of which something is asked but what replaces it."""


@require_GET
def plan_csv(request: Request, pk: int) -> HttpResponse:
    """`?for=excel` begins with the mark without which Excel takes UTF-8 for Windows-1252.

    With it some other programs take it for part of the first name.
    """
    contract = _contract(request, pk)
    mark = BOM_UTF8 if request.GET.get("for") == "excel" else b""
    name = f"{slugify(contract.title)[:60] or 'plan'}-{contract.today():%Y-%m-%d}.csv"
    return HttpResponse(
        mark + export.plan_as_csv(contract),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
    )


@require_GET
def plan_text(request: Request, pk: int) -> HttpResponse:
    contract = _contract(request, pk)
    address = request.build_absolute_uri(contract.get_absolute_url())
    return HttpResponse(export.plan_as_text(contract, address=address), content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "POST"])
def paste(request: Request, pk: int) -> HttpResponse:
    """Read a plan and show what was read. A button of the manage page leads here with all that is staged there."""
    contract = _contract(request, pk)
    context = {
        "contract": contract,
        "crumbs": crumbs(contract, (reverse("milestones:manage", args=[pk]), _("Manage milestones"))),
        "heading": _("Paste a plan"),
    }
    stage = Stage(contract, by=request.user)
    if not stage.can_add:
        return render(request, "milestones/paste_closed.html", context, status=409 if request.method == "POST" else 200)
    posted = (request.POST, request.FILES) if request.POST.get("do") in READS else ()
    form = PasteForm(*posted, currency=contract.currency)
    errors = form.all_errors()
    kept = carried(request.POST, otherwise={name: str(value) for name, value in seen_now(contract).items()})
    found = fates(form.rows, stage.plan, kept, contract, by=request.user)
    context |= {
        "form": form,
        "errors": errors,
        "page": PastePage(form, found),
        "carried": kept,
        "is_dirty": any(name == "row" for name, _value in kept),
    }
    return render(request, "milestones/paste.html", context, status=422 if errors else 200)


def _contract(request: Request, pk: int) -> Contract:
    return contract_of(request, pk)
