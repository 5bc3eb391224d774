from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from config import postgres


class DatabaseWrapper(base.DatabaseWrapper):
    """Whoever reads the settings and asks nothing of the database starts no server."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "host": str(postgres.start(settings.DATA_FOLDER))}
