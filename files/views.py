from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.cache import get_conditional_response

from files.looking import SHOWN_IN_PAGE
from files.models import KeptFile
from web.http import Request


def serve(request: Request, found: KeptFile) -> HttpResponseBase:
    """The file, under the name and the type that we gave it. Browsers may draw pictures; nothing in it can run.

    Whether this person may have it was asked before.
    """
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


def _file(found: KeptFile) -> FileResponse:
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_saved = found.content_type not in SHOWN_IN_PAGE
    return FileResponse(opened, as_attachment=is_saved, filename=found.name, content_type=found.content_type)
