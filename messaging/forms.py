import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict  # noqa: TID251 (what a form is given)
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Contract
from files.looking import KINDS, Accepted, accept, kinds_in_words
from messaging.models import Message
from messaging.models.message import why_too_long
from text.fields import LineField, LinesField
from web.refusals import Invalid


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each looked into."""

    widget = FilesInput(attrs={"accept": ",".join(ending for kind in KINDS for ending in kind.endings)})

    def clean(self, data: Any, initial: Any = None) -> list[Accepted]:
        uploaded: Sequence[UploadedFile[Any]] = [file for file in data or [] if file]
        if len(uploaded) > settings.ATTACHMENTS_A_MESSAGE:
            most = {"most": settings.ATTACHMENTS_A_MESSAGE}
            raise forms.ValidationError(_("Send at most %(most)d files at once.") % most)
        accepted, problems = [], []
        for file in uploaded:
            try:
                accepted.append(accept(file))
            except Invalid as refusal:
                problems.append(refusal.sentence)
        if problems:
            raise forms.ValidationError(problems)
        return accepted


class TextForm(forms.Form):
    text = LinesField(
        label=gettext_lazy("Message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "m"}),
        error_messages={"required": gettext_lazy("Write a message first.")},
    )
    use_required_attribute = False

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not text and self.fields["text"].required:
            raise forms.ValidationError(_("Write a message first."))
        if sentence := why_too_long(text):
            raise forms.ValidationError(sentence)
        return text


class MessageForm(TextForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reply_to = forms.ModelChoiceField(
        queryset=Message.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": gettext_lazy("The message that you reply to is not in this chat.")},
    )
    about = LineField(required=False, max_length=250, widget=forms.HiddenInput)
    url = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    attachments = FilesField(label=gettext_lazy("Files"), required=False)

    def __init__(
        self,
        contract: Contract,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        subject: Mapping[str, object] | None = None,
    ) -> None:
        """`subject` is what the message begins with: `about` and `url`, or `reply_to`."""
        super().__init__(data, files, initial={"client_id": uuid.uuid4(), **(subject or {})})
        self.contract = contract
        # A file can speak for itself.
        self.fields["text"].required = not (files and files.getlist("attachments"))
        self.fields["reply_to"].queryset = contract.messages.select_related("author")  # type: ignore[attr-defined]
        self.fields["attachments"].help_text = _(
            "%(kinds)s, or anything in a ZIP file. At most %(number)d at once and %(size)s each; "
            "%(day)s in a day, and %(all)s in this contract."
        ) % {
            "kinds": kinds_in_words(),
            "number": settings.ATTACHMENTS_A_MESSAGE,
            "size": filesizeformat(settings.ATTACHMENT_BYTES),
            "day": filesizeformat(settings.PERSON_BYTES_A_DAY),
            "all": filesizeformat(settings.CONTRACT_BYTES),
        }

    def clean_url(self) -> str:
        """What a message points at is a page of this contract; any other address is dropped."""
        url: str = self.cleaned_data["url"]
        return url if self.contract.has_page(url) else ""

    @property
    def reply(self) -> Message | None:
        """The message that this one answers."""
        reply: Message | None = (self.cleaned_data if self.is_bound else self.initial).get("reply_to")
        return reply

    def focus(self) -> None:
        """The person is about to write, so their hand goes to the text."""
        self.fields["text"].widget.attrs["autofocus"] = True

    def renew(self) -> None:
        """Give the form a client id of its own, with all that was typed kept in it: sent again, it is a new message."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["client_id"] = str(uuid.uuid4())
        self.data = data


class EditForm(TextForm):
    def __init__(self, message: Message, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"text": message.text}, auto_id=f"message-{message.pk}-%s")
        self.fields["text"].required = not message.attachments.all()
        self.fields["text"].widget.attrs["autofocus"] = True


class ReadForm(forms.Form):
    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
