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


class Difference(models.Model):
    """What differs between two texts: each piece as its sign and its words (`text.difference`). Two texts never change,
    so neither does this."""

    digest = models.CharField(max_length=64, primary_key=True)
    pieces = models.JSONField()

    def __str__(self) -> str:
        return self.digest
