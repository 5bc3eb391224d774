from django.contrib import admin
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from files.views import serve
from messaging.models import Attachment
from web.http import Request


@require_GET
def attachment(request: Request, pk: int, attachment_pk: int) -> HttpResponseBase:
    visible = Attachment.objects.visible_to(request.user, in_the_admin=admin.site.has_permission(request))
    return serve(request, get_object_or_404(visible, message__contract=pk, pk=attachment_pk))
