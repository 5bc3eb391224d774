from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import on_this_site
from demo import people


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
