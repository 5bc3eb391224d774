"""What an act has done is said on the next page, by the event that it recorded."""

from django.contrib import messages

from contracts import events
from contracts.models import Contract
from web.http import Request


def say_done(request: Request, contract: Contract, *, seen: int) -> None:
    messages.success(request, events.done(contract, by=request.user, seen=seen))
