from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from messaging.models import Message  # noqa: PLC0415  (ready now)
        from text.shown import SOURCES  # noqa: PLC0415

        SOURCES.append(Message.objects.exclude(text="").values_list("text", flat=True).iterator)
