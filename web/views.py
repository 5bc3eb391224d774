"""What is asked in a way that no view can read."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.views.defaults import bad_request

from web.http import Request
from web.middleware import refused
from web.refusals import NotRead

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def misunderstood(request: Request, exception: Exception) -> HttpResponse:
    return refused(request, NotRead(413)) if isinstance(exception, TOO_MUCH) else bad_request(request, exception)
