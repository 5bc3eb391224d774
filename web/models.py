from django.db import models


class Counter(models.Model):
    """How often something was done in a window of time. The key is a digest: who did it need not be known here.

    The table is not logged by Postgres: after a crash all begin to count anew. Source: `web.limits`.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
