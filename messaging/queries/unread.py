"""What a person has not read, in one chat and in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from contracts.models import Contract, ContractQuerySet
from messaging.models import Message, ReadMark
from text.dates import moment

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counted(TypedDict):
        unread: int
        last_id: int | None

    CountedContract = WithAnnotations[Contract, Counted]

MOST_COUNTED = 99
_ID: "BigIntegerField[int, int]" = BigIntegerField()


def unread_count(contract: Contract, reader: User) -> int:
    """How many messages of the other party this person has not seen."""
    mark = contract.read_marks.filter(person=reader).values_list("read_up_to", flat=True).first()
    return contract.messages.for_reader(reader).filter(pk__gt=mark or 0).count()


def unread_badge(user: User) -> str:
    """How many messages of all chats this person has not seen, as each page shows it: at most 99+, empty for none.

    One query, which stops counting there.
    """
    mark = FilteredRelation("read_marks", condition=Q(read_marks__person=user))
    chats = Contract.objects.visible_to(user).annotate(
        mark=mark, read_up_to=Coalesce("mark__read_up_to", 0, output_field=_ID)
    )
    by_other = Q(client=user, messages__author=F("freelancer")) | Q(freelancer=user, messages__author=F("client"))
    unread = chats.filter(by_other, messages__deleted_at=None, messages__pk__gt=F("read_up_to"))
    count = unread.order_by().values("messages__pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


@dataclass(frozen=True)
class Conversation:
    """One chat in the list of all. The last message is empty where nobody has written yet."""

    contract: Contract
    other: User
    unread: int
    last: Message | None
    is_mine: bool
    at: str


def conversations(user: User) -> ContractQuerySet:
    """The person's contracts by their chats: unread ones first, then by the last message."""
    newest = Message.objects.filter(contract=OuterRef("pk")).newest_first().values("pk")[:1]
    first = Case(When(unread__gt=0, then=Value(0)), default=Value(1))
    counted = _counted(Contract.objects.visible_to(user).with_parties(), user)
    return counted.annotate(last_id=Subquery(newest)).order_by(first, F("last_id").desc(nulls_last=True), "-pk")


def conversation_rows(contracts: Iterable[Contract], *, user: User) -> list[Conversation]:
    """A page of `conversations` with the last message of each. One query."""
    counted = cast("list[CountedContract]", list(contracts))
    last = Message.objects.select_related("author").in_bulk({c.last_id for c in counted if c.last_id})
    return [_conversation(contract, last.get(contract.last_id or 0), user) for contract in counted]


def _conversation(contract: "CountedContract", last: Message | None, user: User) -> Conversation:
    return Conversation(
        contract=contract,
        other=contract.other_party(user),
        unread=contract.unread,
        last=last,
        is_mine=last is not None and last.author == user,
        at=moment(last.sent_at) if last else "",
    )


def _counted(contracts: ContractQuerySet, user: User) -> ContractQuerySet:
    """Each contract with the number of its unread messages: one look into an index for each contract."""
    mark = ReadMark.objects.filter(contract=OuterRef("pk"), person=user).values("read_up_to")
    messages = Message.objects.for_reader(user).filter(contract=OuterRef("pk"), pk__gt=OuterRef("read_up_to"))
    count = messages.order_by().values("contract").annotate(count=Count("pk")).values("count")
    return contracts.annotate(
        read_up_to=Coalesce(Subquery(mark, BigIntegerField()), 0), unread=Coalesce(Subquery(count, IntegerField()), 0)
    )
