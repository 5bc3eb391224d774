"""What a person has not read, in one chat and in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import BigIntegerField, Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from contracts.models import Contract, ContractQuerySet
from messaging.models import Message
from parties.models import Party
from text import counted
from text.dates import moment

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Last(TypedDict):
        last_id: int | None

    Listed = WithAnnotations[Contract, Last]


def unread_count(contract: Contract, reader: User) -> int:
    """How many messages of others this person has not seen."""
    mark = contract.read_marks.filter(person=reader).values_list("read_up_to", flat=True).first()
    return contract.messages.for_reader(reader).filter(pk__gt=mark or 0).count()


def unread_badge(user: User) -> str:
    """How many messages of all chats this person has not seen, as each page shows it: at most 99+, empty for none.

    One query, which stops counting there.
    """
    return counted.at_most(_unread(user).values("messages__pk")[: counted.MOST + 1].count())


def _unread(user: User) -> ContractQuerySet:
    """The person's contracts, once for each message there that they have not seen."""
    by_others = Q(messages__author__lt=user) | Q(messages__author__gt=user)  # "not" would ask for chats without any
    chats = _with_mark(Contract.objects.visible_to(user), user)
    return chats.filter(by_others, messages__deleted_at=None, messages__pk__gt=F("read_up_to")).order_by()


def _with_mark(contracts: ContractQuerySet, user: User) -> ContractQuerySet:
    mark = FilteredRelation("read_marks", condition=Q(read_marks__person=user))
    return contracts.annotate(mark=mark, read_up_to=Coalesce("mark__read_up_to", 0, output_field=BigIntegerField()))


@dataclass(frozen=True)
class Conversation:
    """One chat in the list of all. The last message is empty where nobody has written yet."""

    contract: Contract
    other: Party
    unread: int
    last: Message | None
    is_mine: bool
    at: str


def conversations(user: User) -> ContractQuerySet:
    """The person's contracts by their chats: unread ones first, then by the last message."""
    newest = Message.objects.filter(contract=OuterRef("pk")).newest_first().values("pk")[:1]
    unread = Message.objects.for_reader(user).filter(contract=OuterRef("pk"), pk__gt=OuterRef("read_up_to"))
    chats = _with_mark(Contract.objects.visible_to(user).with_parties(), user)
    found = chats.annotate(is_unread=Exists(unread), last_id=Subquery(newest))
    return found.order_by("-is_unread", F("last_id").desc(nulls_last=True), "-pk")


def conversation_rows(contracts: Iterable[Contract], *, user: User) -> list[Conversation]:
    """A page of `conversations` with the last message and the number of unread ones of each. Two queries."""
    shown = cast("list[Listed]", list(contracts))
    last = Message.objects.select_related("author").in_bulk({chat.last_id for chat in shown if chat.last_id})
    of_page = _unread(user).filter(pk__in=[chat.pk for chat in shown])
    counts = dict(of_page.values("pk").annotate(count=Count("messages__pk")).values_list("pk", "count"))
    return [_conversation(chat, counts.get(chat.pk, 0), last.get(chat.last_id or 0), user) for chat in shown]


def _conversation(contract: Contract, unread: int, last: Message | None, user: User) -> Conversation:
    return Conversation(
        contract=contract,
        other=contract.other_party(user),
        unread=unread,
        last=last,
        is_mine=last is not None and last.author == user,
        at=moment(last.sent_at) if last else "",
    )
