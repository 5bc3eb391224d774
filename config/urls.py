"""The site map. Each app holds the paths below its prefix; plan and chat of a contract lie below the contract."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from milestones.urls import contract_pages

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="contracts:list"), name="home"),
    path("contracts/", include(contract_pages)),
    path("contracts/", include("milestones.urls")),
    path("", include("messaging.urls")),
    path("money/", include("escrow.urls")),
    path("", include("notifications.urls")),
    path("settings/", include("accounts.urls")),
    path("", include("calendars.urls")),
    path("help/", include("help.urls")),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="accounts:sessions")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "web.views.misunderstood"
if settings.DEMO:
    urlpatterns.append(path("", include("demo.urls")))
