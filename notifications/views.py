from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import Request
from notifications import actions

PAGE = 25


@require_GET
def inbox(request: Request) -> HttpResponse:
    page = Paginator(request.user.notifications.newest_first(), PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/notification_list.html", {"page_obj": page})


@require_GET
def unread(request: Request) -> HttpResponse:
    """The numbers in the bar, for a page that is open already."""
    return render(request, "ui/unread.html#both")


# A link, not a form: people open notifications in new tabs, and it works without JavaScript. That a GET marks it
# read is harmless: it is the reader's own mark, opening it again changes nothing, and no other site gains by it.
@require_GET
def open_notification(request: Request, pk: int) -> HttpResponse:
    notification = get_object_or_404(request.user.notifications, pk=pk)
    actions.mark_read(notification)
    return redirect(notification.url)


@require_POST
def mark_all_read(request: Request) -> HttpResponse:
    actions.mark_all_read(by=request.user)
    return redirect("notifications:list")
