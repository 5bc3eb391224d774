"""Lucide's icons, each drawn once: it builds and writes out a tree for each one on a page, which may hold hundreds."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()

drawn = lru_cache(maxsize=1024)(lucide)
register.simple_tag(drawn, name="lucide")
