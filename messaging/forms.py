from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from messaging.models import TEXT_LENGTH


class MessageForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.CharField(required=False, max_length=250, widget=forms.HiddenInput)
    url = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a message first.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()  # browsers end lines with both
        if not text:
            raise forms.ValidationError(_("Write a message first."))
        if len(text) > TEXT_LENGTH:
            raise forms.ValidationError(_("A message can have at most %(most)d characters.") % {"most": TEXT_LENGTH})
        return text

    def clean_url(self) -> str:
        """What a message points at is a page of this site."""
        url: str = self.cleaned_data["url"]
        return url if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""
