"""Tables of letters."""

from mingtang.letters.models.handling import (
    Addition,
    Answer,
    Assist,
    CallBack,
    Directive,
    Reader,
    Recusal,
)
from mingtang.letters.models.letter import IS_COUNTED, IS_OPEN, Letter, LimitRow
from mingtang.letters.models.mail import Mail
from mingtang.letters.models.public import Knowledge, PublicCopy

__all__ = [
    "IS_COUNTED",
    "IS_OPEN",
    "Addition",
    "Answer",
    "Assist",
    "CallBack",
    "Directive",
    "Knowledge",
    "Letter",
    "LimitRow",
    "Mail",
    "PublicCopy",
    "Reader",
    "Recusal",
]
