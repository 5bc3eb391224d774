from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        import demo.checks  # noqa: F401, PLC0415  (registers the check)
