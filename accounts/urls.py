from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("sessions/", views.sessions, name="sessions"),
    path("unsent/", views.unsent, name="unsent"),
    path("theme/", views.theme, name="theme"),
    path("short-cuts/", views.short_cuts, name="short_cuts"),
]
