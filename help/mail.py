"""The letters about an enquiry: one to the staff, and theirs to the person."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addressing import addressed
from help.models import Enquiry

SUBJECTS = {
    Enquiry.Kind.QUESTION: gettext_lazy("Question from %(name)s"),
    Enquiry.Kind.QUOTE: gettext_lazy("%(name)s asks for a quote"),
    Enquiry.Kind.CONTRACT: gettext_lazy("%(name)s has a problem with a contract"),
}


def tell_staff(enquiry: Enquiry) -> None:
    page = settings.SITE_ORIGIN + reverse("admin:help_enquiry_change", args=[enquiry.pk])
    subject = str(SUBJECTS[Enquiry.Kind(enquiry.kind)]) % {"name": enquiry.name}
    reply_to = [addressed(enquiry.name, enquiry.email)]
    EmailMessage(subject, f"{enquiry.message}\n\n-- \n{page}\n", to=[settings.SUPPORT_EMAIL], reply_to=reply_to).send()


def send_answer(enquiry: Enquiry) -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in enquiry.message.splitlines())
    to, reply_to = [addressed(enquiry.name, enquiry.email)], [settings.SUPPORT_EMAIL]
    EmailMessage(_("Answer to your message"), f"{enquiry.answer}\n\n{quoted}\n", to=to, reply_to=reply_to).send()
