"""Who acts: a person, or the site by a rule of its own, without anybody acting.

Wherever it is kept who did something, it is exactly one of the two: a person's key in one column, or the name of the
rule in the column beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 60


@dataclass(frozen=True)
class Rule:
    """`words` name it for people, like "14 days without an answer"; `moves` are the verbs that it may play.

    Its name stays what it is: it is kept with all that was done by it.
    """

    name: str
    words: "StrOrPromise"
    moves: frozenset[str]

    known: ClassVar[dict[str, "Rule"]] = {}

    @classmethod
    def make(cls, name: str, words: "StrOrPromise", *, moves: Iterable[str]) -> "Rule":
        cls.known[name] = rule = cls(name, words, frozenset(moves))
        return rule


@dataclass(frozen=True)
class Site:
    rule: Rule

    def __str__(self) -> str:
        return _("Tranche (by the rule “%(rule)s”, without anybody acting)") % {"rule": self.rule.words}

    def may(self, verb: str) -> bool:
        return verb in self.rule.moves


Actor = User | Site


def kept(actor: Actor, name: str = "by") -> dict[str, Any]:
    """The two columns for who acted."""
    person, rule = (None, actor.rule.name) if isinstance(actor, Site) else (actor, "")
    return {name: person, f"{name}_rule": rule}


def name_then(actor: Actor) -> str:
    """To keep beside it: what the person is called at that moment. A rule is called by its words of today."""
    return "" if isinstance(actor, Site) else str(actor)


def actor_of(row: models.Model, name: str = "by") -> Actor | None:
    """Who acted by the two columns; None where nobody has yet. A rule that is gone is known by its name."""
    rule: str = getattr(row, f"{name}_rule")
    person: User | None = getattr(row, name)
    return Site(Rule.known.get(rule) or Rule(rule, rule, frozenset())) if rule else person


def one_acted(name: str = "by") -> Q:
    """For a constraint: it was a person, or it was a rule."""
    is_person, is_rule = Q(**{f"{name}__isnull": False}), ~Q(**{f"{name}_rule": ""})
    return (is_person & ~is_rule) | (~is_person & is_rule)


def nobody_acted(name: str = "by") -> Q:
    return Q(**{name: None, f"{name}_rule": ""})


def rule_column() -> "models.CharField[str, str]":
    return models.CharField(max_length=LONGEST, blank=True, editable=False)
