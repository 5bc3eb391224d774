from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("contracts/<int:pk>/messages/", views.chat, name="chat"),
    path("contracts/<int:pk>/messages/post/", views.post, name="post"),
]
