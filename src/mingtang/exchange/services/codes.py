"""Services: set a code of a list from a day on. The one before holds until the day before."""

from datetime import date, datetime

from mingtang.exchange.models import CodeChange
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.rules.codes import NoSuchCode
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record


@command("exchange.set_code")
def set_code(
    *,
    scheme: str,
    name: str,
    ours: str,
    code: str,
    label: str,
    since: date,
    source: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Say how they code a word of ours. Raises NoSuchCode for a word that the list does not have.

    The same day set twice is a correction: the later one counts.
    """
    if not any((one.list, one.ours) == (name, ours) for one in book_of(scheme).codes):
        raise NoSuchCode(name, ours)
    CodeChange.objects.update_or_create(
        scheme=scheme,
        list=name,
        ours=ours,
        valid_from=since,
        defaults={"code": code, "label": label, "source": source},
    )
    facts = {"list": name, "ours": ours, "code": code, "since": since, "source": source}
    record(
        stream=f"exchange_codes:{scheme}",
        kind="exchange.code_set",
        facts=facts | {"since": since.isoformat()},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"list": name, "ours": ours, "code": code}
