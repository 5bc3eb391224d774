from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from files.views import serve
from messaging.models import Attachment
from web.http import Request


@require_GET
def attachment(request: Request, pk: int, attachment_pk: int) -> HttpResponseBase:
    of_contract = Attachment.objects.visible_to(request.user).filter(message__contract=pk)
    return serve(request, get_object_or_404(of_contract, pk=attachment_pk))
