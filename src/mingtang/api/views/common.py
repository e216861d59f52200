"""What the views of the API share: parameters, the applicant's side, pages."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Query

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Scope
from mingtang.api.rules import CODE_HEADER, KEY
from mingtang.base.clock import now
from mingtang.base.codes import normalise_code
from mingtang.base.web import printable, source_of
from mingtang.cases import queries as cases
from mingtang.cases import services as case_services
from mingtang.ledger.rules import Actor

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="这次操作的编号，32 位十六进制小写。同一编号重发，只办一次。",
    ),
]
Code = Annotated[str, Header(alias=CODE_HEADER, max_length=20, description="回执上的查询码")]
Name = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-][0-9A-Za-z_.-]{0,59}$")]
Id = Annotated[str, Path(pattern=r"^[0-9]{1,19}$")]
After = Annotated[str, Query(max_length=60, description="上一页的 next")]
Day = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description="年-月-日")]
Choice = Annotated[
    str, Query(max_length=20, description="页面上的一个选项，没有这个选项的当作没选")
]
Words = Annotated[str, Query(max_length=60, description="要找的字词")]


def words_of(typed: str) -> str:
    return printable(typed)


def next_of(cursor: Any) -> str | None:
    return str(cursor) if cursor else None


def papers(found: Iterable[Any]) -> list[dict[str, Any]]:
    """The papers of something; one that still wants its seal is a draft."""
    return [
        {
            "id": str(one.id),
            "title": one.title,
            "number": one.number or "",
            "date": one.issued_date,
            "is_draft": one.needs_seal and one.sealed_at is None,
        }
        for one in found
    ]


def applicant(request: HttpRequest) -> Actor:
    """Who acts for themselves: an id without a name, or nobody in particular."""
    reader = scope(request)
    return Actor(id=None, label="申请人") if reader.is_staff else actor_of(reader)


def own_thing(
    request: HttpRequest,
    number: str,
    code: str,
    *,
    by_code: Callable[..., Any],
    own: Callable[[Scope, str], Any],
) -> Any:
    """A thing, for whose it is, signed in, or for who knows its query code. Staff act for nobody
    with a code. Raises NotFound."""
    if code and not scope(request).is_staff:
        source = source_of(request)
        return by_code(number=number, code=normalise_code(code), source=source, at=now())
    return own(scope(request), number)


def applicants_case(request: HttpRequest, number: str, code: str) -> Any:
    """The case, for its applicant, an enterprise's proxy, or who knows its query code."""

    def by_code(**shown: Any) -> Any:
        return cases.filed_case(case_services.case_by_code(**shown).number)

    return own_thing(request, number, code, by_code=by_code, own=cases.own_case)
