from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.inbox, name="list"),
    path("notifications/unread/", views.unread, name="unread"),
    path("notifications/read/", views.mark_all_read, name="mark_all_read"),
    path("notifications/unread-again/", views.unread_again, name="unread_again"),
    path("notifications/<int:pk>/", views.open_notification, name="open"),
    path("notifications/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("settings/notifications/", views.preferences, name="preferences"),
]
