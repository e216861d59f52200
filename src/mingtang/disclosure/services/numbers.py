"""Services of index numbers: drawn on release without gaps; numbers of before are kept."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.base.serials import next_serial
from mingtang.disclosure import queries
from mingtang.disclosure.models import IndexNumber, IndexScheme, Publication
from mingtang.disclosure.rules import index
from mingtang.disclosure.services.common import Result, locked, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.regions import queries as regions


class NumberTaken(Conflict):
    def __init__(self, number: str) -> None:
        super().__init__(f"索引号“{number}”已经用过，索引号不能重复使用，请核对。")


class NoScheme(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "没有能给本单位编索引号的规则：可能还没有登记统一社会信用代码。请联系信息公开办公室。"
        )


def draw_number(item: Publication, at: datetime) -> str:
    """Give an item its number, inside the command that makes it public: no number is drawn for
    what never appears, so that the series has no gaps. An item that has one keeps it."""
    if item.index_number is not None:
        return item.index_number
    on = legal_date(at)
    organ = queries.organ_of(item)
    scheme, parts = _scheme_for(organ, organ.parts(on))
    series = index.series_of(scheme, organ, on)
    number = index.spell(scheme, parts, next_serial(series))
    while IndexNumber.objects.filter(number=number).exists():  # came with a migrated item
        number = index.spell(scheme, parts, next_serial(series))
    _note(item, number, scheme.code, at)
    item.index_number = number
    return number


def _scheme_for(organ: index.Organ, parts: dict[str, str]) -> tuple[index.Scheme, dict[str, str]]:
    for scheme in queries.schemes_for(organ.id):
        if index.can_number(scheme, parts):
            return scheme, parts
    raise NoScheme


def _note(item: Publication, number: str, scheme: str, at: datetime) -> None:
    IndexNumber.objects.create(
        publication=item,
        number=number,
        scheme=scheme,
        organ_name=regions.name_of(item.organisation_id, legal_date(at)),
        noted_at=at,
    )


def keep_number(item: Publication, number: str, at: datetime, organ_name: str = "") -> list[str]:
    """Keep a number that an item has from elsewhere, inside a command that is open. It finds the
    item for ever; where the item has none yet, it is its number. Returns doubts about it."""
    plain = index.check_number(number)
    if IndexNumber.objects.filter(number=plain).exists():
        raise NumberTaken(plain)
    IndexNumber.objects.create(
        publication=item,
        number=plain,
        organ_name=organ_name or regions.name_of(item.organisation_id, legal_date(at)),
        noted_at=at,
    )
    if item.index_number is None:
        item.index_number = plain
        item.save(update_fields=["index_number"])
    assert item.version is not None
    return [*index.doubts_of(plain), *index.year_doubts(plain, item.version.formed_date)]


@command("disclosure.keep_number")
def add_old_number(
    *,
    publication_id: int,
    number: str,
    organ_name: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Note a number under which an item was known before, and what the organ was called then.

    Records "disclosure.numbered". Returns {"doubts"}. Raises NumberTaken, BadNumber.
    """
    item = locked(publication_id)
    doubts = keep_number(item, number, at, organ_name.strip())
    facts = {"number": number.strip(), "organ_name": organ_name.strip(), "doubts": doubts}
    tell(item, "disclosure.numbered", facts, actor=actor, at=at, command_id=command_id)
    return {"doubts": doubts}


@command("disclosure.set_scheme")
def set_scheme(
    *,
    code: str,
    template: str,
    scope: index.SerialScope,
    organisation_id: int | None = None,
    position: int = 1,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Lay down how numbers are made, or change it: numbers given stay as they are.

    Records "disclosure.scheme_set". Raises BadScheme.
    """
    scope = index.SerialScope(scope)
    index.check_template(template, scope)
    IndexScheme.objects.update_or_create(
        code=code,
        defaults={
            "template": template,
            "scope": scope.value,
            "organisation_id": organisation_id,
            "position": position,
            "is_on": True,
        },
    )
    facts = {"template": template, "scope": scope.value}
    record(
        stream=f"index_scheme:{code}",
        kind="disclosure.scheme_set",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return facts
