from django.db import models


class Rendered(models.Model):
    """What a text looks like on a page, made once. Rows are a store that `render_texts` can fill anew at any time."""

    digest = models.CharField(max_length=64)
    renderer = models.CharField(max_length=60)
    html = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "renderer"], name="text_rendered_once")]

    def __str__(self) -> str:
        return self.digest
