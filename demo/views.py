from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from demo import people
from demo.styleguide import components
from web.http import on_this_site


@login_not_required
@require_POST
def sign_in(request: HttpRequest, role: str) -> HttpResponse:
    person = people.BY_ROLE.get(role)
    if not settings.DEMO or person is None:
        raise Http404
    login(request, people.settle(person), backend=settings.AUTHENTICATION_BACKENDS[0])
    home = reverse("admin:index") if person.is_staff else reverse(settings.LOGIN_REDIRECT_URL)
    onwards = request.POST.get("next")
    return redirect(onwards if on_this_site(onwards, request) else home)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the pages in its states, for those who build them."""
    return render(request, "demo/styleguide.html", components())
