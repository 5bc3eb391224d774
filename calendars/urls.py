from django.urls import path

from calendars import views

app_name = "calendars"
urlpatterns = [
    path("settings/calendar/", views.settings, name="settings"),
    path("settings/calendar/make/", views.make, name="make"),
    path("settings/calendar/stop/", views.stop, name="stop"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
]
