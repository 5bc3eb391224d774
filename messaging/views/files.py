from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from messaging.files import SHOWN_IN_PAGE
from messaging.models import Attachment
from web.http import Request


@require_GET
def attachment(request: Request, pk: int, attachment_pk: int) -> HttpResponseBase:
    """The file, under the name and the type that we gave it. Browsers may draw pictures; nothing in it can run."""
    of_contract = Attachment.objects.visible_to(request.user).filter(message__contract=pk)
    found = get_object_or_404(of_contract, pk=attachment_pk)
    etag = f'"{found.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _file(found)
        response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # kept by the browser, shown only after asking us
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _file(found: Attachment) -> FileResponse:
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_saved = found.content_type not in SHOWN_IN_PAGE
    return FileResponse(opened, as_attachment=is_saved, filename=found.name, content_type=found.content_type)
