"""Reads: letters of authority of chief representatives, mandates of enterprises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mingtang.accounts.models import LetterOfAuthority, Mandate
from mingtang.accounts.queries.scopes import not_ended
from mingtang.accounts.rules import Authority, Role
from mingtang.base.errors import NotFound
from mingtang.base.kept import Kept
from mingtang.base.paging import DateCursor

_authorities: Kept[tuple[int, int, date], tuple[Authority, ...]] = Kept(
    "accounts_letterofauthority", "accounts_post"
)
_mandated: Kept[tuple[int, date], tuple[str, ...]] = Kept("accounts_mandate")


def authorities_of(person_id: int, organisation_id: int, on: date) -> tuple[Authority, ...]:
    """The letters of authority of the posts that a chief representative holds on a day."""
    return _authorities.one((person_id, organisation_id, on), lambda key: _letters(*key)) or ()


def _letters(person_id: int, organisation_id: int, on: date) -> tuple[Authority, ...]:
    valid = Q(post__valid_to=None) | Q(post__valid_to__gte=on)
    letters = LetterOfAuthority.objects.filter(
        valid,
        post__valid_from__lte=on,
        post__person_id=person_id,
        post__role=Role.CHIEF_REPRESENTATIVE.value,
        post__organisation_id=organisation_id,
    ).order_by("valid_from", "id")
    return tuple(
        Authority(
            item_codes=frozenset(letter.item_codes),
            acts=frozenset(letter.acts),
            valid_from=letter.valid_from,
            valid_to=letter.valid_to,
            number=letter.document_number,
        )
        for letter in letters
    )


def mandated_codes(person_id: int, on: date) -> tuple[str, ...]:
    """The credit codes of the enterprises that a person may act for on a day."""
    return _mandated.one((person_id, on), lambda key: _codes(*key)) or ()


def _codes(person_id: int, on: date) -> tuple[str, ...]:
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Mandate.objects.filter(not_ended(on), valid, proxy_id=person_id, valid_from__lte=on)
    return tuple(rows.order_by("credit_code").values_list("credit_code", flat=True).distinct())


def proxies_of(credit_code: str, on: date) -> list[int]:
    """Everybody who may act for an enterprise on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Mandate.objects.filter(
        not_ended(on), valid, credit_code=credit_code, valid_from__lte=on, proxy__is_active=True
    )
    return list(rows.order_by("proxy_id").values_list("proxy_id", flat=True).distinct())


@dataclass(frozen=True)
class Letter:
    """A letter of authority as a register shows it. `ended`: the last day of letter and post."""

    id: int
    number: str
    holder_id: int
    holder: str
    organisation_id: int
    item_codes: tuple[str, ...]
    acts: tuple[str, ...]
    limits: str
    seal: str
    valid_from: date
    ended: date

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on <= self.ended


@dataclass(frozen=True)
class LetterPage:
    rows: list[Letter]
    next: DateCursor | None


LETTERS_SHOWN = 30


def letters(
    *,
    holder_ids: Iterable[int] = (),
    organisation_ids: Iterable[int] = (),
    after: DateCursor | None = None,
) -> LetterPage:
    """Letters of authority of these people and units, the newest first."""
    whose = Q(post__person__in=list(holder_ids))
    whose |= Q(post__organisation__in=list(organisation_ids))
    rows = LetterOfAuthority.objects.filter(whose).select_related("post__person")
    if after is not None:
        rows = rows.filter(Q(valid_from__lt=after.day) | Q(valid_from=after.day, id__lt=after.id))
    found = [_letter(row) for row in rows.order_by("-valid_from", "-id")[: LETTERS_SHOWN + 1]]
    shown = found[:LETTERS_SHOWN]
    last = shown[-1] if len(found) > LETTERS_SHOWN else None
    return LetterPage(shown, DateCursor(last.valid_from, last.id) if last else None)


def letters_between(since: date, until: date) -> list[Letter]:
    """The letters of authority that were in force on some day of a span, oldest first."""
    rows = LetterOfAuthority.objects.filter(
        Q(post__valid_to=None) | Q(post__valid_to__gte=since),
        valid_from__lte=until,
        valid_to__gte=since,
    ).select_related("post__person")
    return [_letter(row) for row in rows.order_by("valid_from", "id")]


def letter(letter_id: int) -> Letter | None:
    """One letter; whoever shows it asks whose it is."""
    rows = LetterOfAuthority.objects.filter(id=letter_id).select_related("post__person")
    found = rows.first()
    return _letter(found) if found else None


def _letter(row: LetterOfAuthority) -> Letter:
    ends = [row.valid_to, *([row.post.valid_to] if row.post.valid_to else [])]
    return Letter(
        id=row.id,
        number=row.document_number,
        holder_id=row.post.person_id,
        holder=row.post.person.name,
        organisation_id=row.post.organisation_id,
        item_codes=tuple(row.item_codes),
        acts=tuple(row.acts),
        limits=row.limits,
        seal=row.seal,
        valid_from=row.valid_from,
        ended=min(ends),
    )


def mandates_of(credit_code: str) -> list[Mandate]:
    """Who may act for an enterprise, may once or might; the newest first."""
    rows = Mandate.objects.filter(credit_code=credit_code)
    return list(rows.select_related("proxy", "ended_by").order_by("-valid_from", "-id"))


def mandate_code(mandate_id: int) -> str:
    """For which enterprise a mandate is. Raises NotFound."""
    code = Mandate.objects.filter(id=mandate_id).values_list("credit_code", flat=True).first()
    if code is None:
        raise NotFound("没有找到这项委托，请刷新页面。")
    return code
