"""The contract as a document: for paper, a file, a signature."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contracts.views import contract_of, crumbs
from milestones.pages.paper import Paper
from web.http import Request


@require_GET
def paper(request: Request, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    page = Paper(contract, viewer=request.user, part=request.GET.get("rows"), with_log="log" in request.GET)
    return render(request, "milestones/paper.html", {"contract": contract, "crumbs": crumbs(contract), "page": page})
