"""Reads of rights: who sees a letter, how much of it, and what they may do.

Whoever works at the accused unit never learns who wrote; a tip-off is there for nobody but those
who are named. Not found and not allowed look the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.ledger.rules import Actor
from mingtang.letters.models import Assist, Letter, Reader, Recusal
from mingtang.letters.queries.standing import is_dissatisfied
from mingtang.letters.rules.kinds import Kind, Source
from mingtang.letters.rules.moves import (
    DONE,
    MOVE_OF,
    MOVES,
    OFFICE,
    TYPISTS,
    UNIT,
    Move,
    Side,
    State,
    Verb,
)
from mingtang.regions import queries as regions

# What somebody of the accused unit may do, who does not know who wrote.
BLIND = frozenset(
    {
        *(Verb.ACCEPT, Verb.DECLINE, Verb.DISPATCH, Verb.DESIGNATE, Verb.EXTEND, Verb.CLOSE),
        *(Verb.RETURN, Verb.TAKE, Verb.REPORT, Verb.ANSWER, Verb.RECUSE),
    }
)


def units_of(scope: Scope, roles: Iterable[Role]) -> frozenset[int]:
    """The units at which somebody holds one of these roles, with those below."""
    wanted = frozenset(roles)
    found = (grant.organisation_ids for grant in scope.grants if grant.role in wanted)
    return frozenset().union(*found)


@dataclass(frozen=True)
class Eye:
    """What somebody may see of letters."""

    scope: Scope

    @cached_property
    def offices(self) -> frozenset[int]:
        return units_of(self.scope, OFFICE)

    @cached_property
    def units(self) -> frozenset[int]:
        return units_of(self.scope, UNIT)

    @cached_property
    def own(self) -> set[int]:
        """Where they work, and all units above: a letter against one of these is against them."""
        posts = {grant.organisation_id for grant in self.scope.grants}
        below = {one for units in regions.subtrees(posts).values() for one in units}
        return (regions.lines_of(posts) - below) | posts

    @cached_property
    def keeps(self) -> set[int]:
        """The offices whose tip-offs they read, being named."""
        rows = Reader.objects.filter(person=self.scope.person_id, letter=None, ended_at=None)
        return set(rows.order_by("id").values_list("office_id", flat=True)) & self.offices

    def condition(self) -> Q:
        """The letters that are there for them."""
        person = self.scope.person_id
        helping = Assist.objects.filter(organisation__in=self.units).values("letter")
        named = Reader.objects.filter(person=person, letter__isnull=False, ended_at=None)
        tip_off = Q(kind=Kind.TIP_OFF.value)
        mine = Q(office__in=self.offices) | Q(lead__in=self.units) | Q(id__in=helping)
        may_read = Q(id__in=named.values("letter")) | Q(office__in=self.keeps)
        return (
            mine
            & (~tip_off | (may_read & (Q(about=None) | ~Q(about__in=self.own))))
            & ~Q(id__in=Recusal.objects.filter(person=person).values("letter"))
            & (Q(writer_person=None) | ~Q(writer_person=person))
        )

    def is_blind(self, letter: Letter) -> bool:
        """Whether who wrote is kept from them: they belong to the accused, or only help."""
        if letter.accused_id in self.own:
            return True
        return letter.office_id not in self.offices and letter.lead_id not in self.units


def letter_for(scope: Scope, letter_id: int) -> Letter:
    """A letter for whoever may see it. Raises NotFound for all others."""
    found = Letter.objects.filter(Eye(scope).condition(), id=letter_id).first()
    if found is None:
        raise NotFound
    return found


def of_known_writers(scope: Scope) -> Q:
    """The letters that are there for somebody who may know who wrote them."""
    eye = Eye(scope)
    against = [kind.value for kind in Kind if kind.is_against]
    others = ~Q(kind__in=against) | Q(about=None) | ~Q(about__in=eye.own)
    return eye.condition() & others


def typed_in(scope: Scope, letter_id: int) -> Letter:
    """A letter that somebody typed in themselves, or that their office may read. Raises
    NotFound."""
    theirs = of_known_writers(scope) & Q(office__in=Eye(scope).offices)
    rows = Letter.objects.filter(theirs | Q(registered_by=scope.person_id), id=letter_id)
    found = rows.exclude(registered_by=None).first()
    if found is None:
        raise NotFound
    return found


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def actor_for(scope: Scope, letter: Letter, verb: Verb) -> Actor:
    """Under whose post an act is done: one's own before one held for another.

    Raises NotYourPost.
    """
    move, eye = MOVE_OF[verb], Eye(scope)
    if verb not in BLIND and letter.accused_id in eye.own:
        raise NotYourPost(move.label)
    fitting = [grant for grant in scope.grants if _fits(grant, letter, move)]
    if not fitting:
        raise NotYourPost(move.label)
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def _fits(grant: Grant, letter: Letter, move: Move) -> bool:
    units = grant.organisation_ids
    is_office = grant.role in OFFICE and letter.office_id in units
    is_lead = (grant.role in UNIT and letter.lead_id in units) or (
        is_office and letter.lead_id == letter.office_id
    )
    helps = grant.role in UNIT and helping_unit(letter, units) is not None
    return {
        Side.OFFICE: is_office and grant.role in move.roles,
        Side.LEAD: is_lead,
        Side.ASSISTING: helps,
        Side.ANYBODY: is_office or is_lead or helps,
        Side.WRITER: False,
    }[move.side]


def helping_unit(letter: Letter, units: Iterable[int]) -> int | None:
    """The unit, of these, that helps with a letter."""
    asked = letter.assists.filter(organisation__in=list(units)).order_by("id").first()
    return asked.organisation_id if asked else None


def actor_for_copy(scope: Scope, letter: Letter) -> Actor:
    """Who prepares what is made public: the office. Raises NotYourPost."""
    return actor_for(scope, letter, Verb.CALL_BACK)


def head(scope: Scope, roles: Iterable[Role], organisation_id: int, act: str) -> Actor:
    """Who acts for an office without a letter. Raises NotYourPost."""
    wanted = frozenset(roles)
    fitting = [
        grant
        for grant in scope.grants
        if grant.role in wanted and organisation_id in grant.organisation_ids
    ]
    if not fitting:
        raise NotYourPost(act)
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def typist(scope: Scope) -> Actor:
    """Who enters a letter: the office, or a clerk of any counter. Raises NotYourPost."""
    fitting = [grant for grant in scope.grants if grant.role in TYPISTS]
    if not fitting:
        raise NotYourPost("登记来信")
    return actor_of(scope, min(fitting, key=lambda grant: grant.acting_for_id is not None))


def deeds_of(scope: Scope, letter: Letter) -> list[Verb]:
    """What a reader may do about a letter now. Each command asks once more."""
    state = State(letter.state)
    hidden = _hidden(letter)
    return [
        move.verb
        for move in MOVES
        if state in move.sources and move.verb not in hidden and _may(scope, letter, move.verb)
    ]


def _may(scope: Scope, letter: Letter, verb: Verb) -> bool:
    try:
        actor_for(scope, letter, verb)
    except NotYourPost:
        return False
    return True


def _hidden(letter: Letter) -> set[Verb]:
    """Acts that the table allows and the record does not."""
    is_done = State(letter.state) in DONE
    is_possible = {
        Verb.RETURN: not letter.is_designated and letter.returned_at is None,
        Verb.EXTEND: letter.extended_at is None and letter.extension_days > 0,
        Verb.NAME_READER: letter.kind == Kind.TIP_OFF.value,
        Verb.HAND_BACK: letter.source == Source.HOTLINE.value and letter.reported_at is None,
        Verb.REDO: is_done and letter.answered_at is not None and is_dissatisfied(letter),
    }
    return {verb for verb, may in is_possible.items() if not may}
