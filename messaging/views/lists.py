from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contracts.views import contract_of, crumbs
from messaging import queries
from messaging.views.scope import chat_of
from web.http import Request

PAGE = 25


@require_GET
def conversations(request: Request) -> HttpResponse:
    """Messages: the person's chats, unread ones first."""
    page = Paginator(queries.conversations(request.user), PAGE).get_page(request.GET.get("page"))
    rows = queries.conversation_rows(page, user=request.user)
    template = "messaging/conversations.html#chats" if request.htmx else "messaging/conversations.html"
    return render(request, template, {"page": page, "rows": rows})


@require_GET
def search(request: Request, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]  # the database knows no such character
    found, has_more = queries.find(contract, words)
    context = {
        "contract": contract,
        "crumbs": crumbs(contract, chat_of(contract)),
        "other": contract.other_party(request.user),
        "words": words,
        "found": found,
        "has_more": has_more,
        "most": queries.MOST_FOUND,
    }
    return render(request, "messaging/search.html", context)
