"""Reads that commands lean on: who wrote, which limit holds, what the writer said last."""

from datetime import date

from mingtang.letters.models import Letter, LimitRow
from mingtang.letters.rules.kinds import BAD_RATING, CallResult, Kind, Source, Writer
from mingtang.letters.rules.limits import SHIPPED, Limit, limit_of


def writer_of(letter: Letter) -> Writer:
    return Writer(
        name=letter.writer_name,
        phone=letter.phone,
        email=letter.email,
        address=letter.address,
        person_id=letter.writer_person_id,
    )


def limits() -> list[Limit]:
    """Every row, the shipped ones and the city's own; by what they are for."""
    own = [
        Limit(row.kind, row.source, row.since, row.days, row.extension_days, row.basis, False)
        for row in LimitRow.objects.order_by("since", "id")
    ]
    return sorted([*SHIPPED, *own], key=lambda row: (row.source, row.kind, row.since))


def limit_on(kind: Kind, source: Source, on: date) -> Limit:
    """The limit of a letter that comes on a day. Raises NoLimit."""
    return limit_of(limits(), kind, source, on)


def is_dissatisfied(letter: Letter) -> bool:
    """What was said last of the answer that stands."""
    if letter.rating is not None and letter.rating <= BAD_RATING:
        return True
    called = letter.call_backs.filter(called_at__gte=letter.answered_at).order_by("id").last()
    return called is not None and called.result == CallResult.DISSATISFIED.value
