from urllib.parse import urlencode

from django.urls import reverse

from contracts.models import Contract


def chat_about(contract: Contract, about: str, url: str) -> str:
    """The chat with a message begun that points at a milestone or a suggestion (R24)."""
    return reverse("messaging:chat", args=[contract.pk]) + "?" + urlencode({"about": about, "url": url})
