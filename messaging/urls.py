from django.urls import path

from messaging.views import chat, files, lists, message

app_name = "messaging"
urlpatterns = [
    path("messages/", lists.conversations, name="list"),
    path("contracts/<int:pk>/messages/", chat.chat, name="chat"),
    path("contracts/<int:pk>/messages/post/", chat.post, name="post"),
    path("contracts/<int:pk>/messages/read/", chat.read, name="read"),
    path("contracts/<int:pk>/messages/typing/", chat.typing, name="typing"),
    path("contracts/<int:pk>/messages/subject/", chat.subject, name="subject"),
    path("contracts/<int:pk>/messages/search/", lists.search, name="search"),
    path("contracts/<int:pk>/messages/files/<int:attachment_pk>/", files.attachment, name="attachment"),
    path("contracts/<int:pk>/messages/<int:message_pk>/", message.message, name="message"),
    path("contracts/<int:pk>/messages/<int:message_pk>/edit/", message.edit, name="edit"),
    path("contracts/<int:pk>/messages/<int:message_pk>/delete/", message.delete, name="delete"),
]
