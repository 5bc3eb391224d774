from collections.abc import Iterator

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from text.shown import SOURCES  # noqa: PLC0415  (models are ready now)

        SOURCES.append(self.texts)

    def texts(self) -> Iterator[str]:
        """The messages that pages render."""
        return self.get_model("Message").objects.exclude(text="").values_list("text", flat=True).iterator()
