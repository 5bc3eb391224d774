from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("<int:pk>/messages/", views.chat, name="chat"),
    path("<int:pk>/messages/post/", views.post, name="post"),
]
