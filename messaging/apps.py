from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        import messaging.sentences  # noqa: F401, PLC0415  (registers how this app's events read)
