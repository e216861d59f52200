"""Rules of a case: states, the table of moves, steps, guards, tracking codes. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.base.errors import Conflict, DomainError


class State(StrEnum):
    """Where a case stands. Stored."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    GRANTED = "granted"
    REFUSED = "refused"
    DELIVERED = "delivered"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return STATE_TONES[self]

    @property
    def is_open(self) -> bool:
        return self is not State.DELIVERED


STATE_LABELS = {
    State.SUBMITTED: "已提交",
    State.RECEIVED: "已收件",
    State.ACCEPTED: "已受理",
    State.REVIEWING: "审查中",
    State.GRANTED: "准予，待送达",
    State.REFUSED: "不予，待送达",
    State.DELIVERED: "已送达",
}
STATE_TONES = {
    State.SUBMITTED: "info",
    State.RECEIVED: "info",
    State.ACCEPTED: "info",
    State.REVIEWING: "info",
    State.GRANTED: "ok",
    State.REFUSED: "warn",
    State.DELIVERED: "ok",
}


class Verb(StrEnum):
    """What can be done to a case."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    CLAIM = "claim"
    EXAMINE = "examine"
    GRANT = "grant"
    REFUSE = "refuse"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Move:
    """One row of the table of moves: who may do what, from where, to where.

    `number` is the row of the design's table of transitions; `law` the article behind it.
    """

    number: str
    verb: Verb
    label: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    law: str = ""


HANDLING = frozenset({Role.HANDLER, Role.CHIEF_REPRESENTATIVE})
DECIDING = frozenset({Role.APPROVER, Role.CHIEF_REPRESENTATIVE})
MOVES = (
    Move("T3", Verb.RECEIVE, "收件", frozenset({State.SUBMITTED}), State.RECEIVED, COUNTER_ROLES),
    Move(
        "T10",
        Verb.ACCEPT,
        "受理",
        frozenset({State.RECEIVED}),
        State.ACCEPTED,
        COUNTER_ROLES,
        law="《行政许可法》第三十二条",
    ),
    Move(
        "T12",
        Verb.CLAIM,
        "领取办理",
        frozenset({State.ACCEPTED, State.REVIEWING}),
        State.REVIEWING,
        HANDLING,
    ),
    Move(
        "T12", Verb.EXAMINE, "提交审查意见", frozenset({State.REVIEWING}), State.REVIEWING, HANDLING
    ),
    Move(
        "T18",
        Verb.GRANT,
        "准予",
        frozenset({State.REVIEWING}),
        State.GRANTED,
        DECIDING,
        law="《行政许可法》第三十八条",
    ),
    Move(
        "T19",
        Verb.REFUSE,
        "不予",
        frozenset({State.REVIEWING}),
        State.REFUSED,
        DECIDING,
        law="《行政许可法》第三十八条",
    ),
    Move(
        "T22",
        Verb.HAND_OVER,
        "送达",
        frozenset({State.GRANTED, State.REFUSED}),
        State.DELIVERED,
        COUNTER_ROLES,
        law="《行政许可法》第四十四条",
    ),
)
MOVE_OF = {move.verb: move for move in MOVES}


class IllegalMove(Conflict):
    """The case is not where this act starts from; often a colleague was faster."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(
            f"办件现为“{state.label}”，不能再“{move.label}”：可能已有同事办理。请刷新页面查看最新进展。"
        )


class MissingReason(DomainError):
    pass


class SamePerson(DomainError):
    def __init__(self) -> None:
        super().__init__("审查与决定不能由同一人办理，请由另一位有审批权限的同事作出决定。")


class NoAuthority(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("您的授权书不含本事项的这项决定，或不在有效期内。请由部门审批人决定。")


class OwnCase(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("这是您本人的申请，不能由您自己办理。请转给同事。")


class StepsUnfinished(DomainError):
    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"还有环节没有完成：{'、'.join(names)}。请待其完成后再作决定。")


class AlreadyClaimed(Conflict):
    def __init__(self, by: str) -> None:
        super().__init__(f"该环节已由{by}领取，请刷新页面。")


def target_of(verb: Verb, state: State) -> State:
    """The state after an act. Raises IllegalMove where the table has no row."""
    move = MOVE_OF[verb]
    if state not in move.sources:
        raise IllegalMove(move, state)
    return move.target


def moves_from(state: State) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if state in move.sources)


class StepStatus(StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    DONE = "done"

    @property
    def label(self) -> str:
        return {"ready": "待办理", "claimed": "办理中", "done": "已完成"}[self.value]

    @property
    def tone(self) -> str:
        return {"ready": "todo", "claimed": "info", "done": "ok"}[self.value]


class ApplicantKind(StrEnum):
    NATURAL = "natural"
    LEGAL = "legal"


class HandOverWay(StrEnum):
    WINDOW = "window"
    POST = "post"

    @property
    def label(self) -> str:
        return {"window": "窗口领取", "post": "邮寄"}[self.value]


def check_decision(verb: Verb, reason: str, legal_basis: str) -> None:
    """A refusal states its reason, its basis in law (《行政许可法》第三十八条); both say why."""
    if len(reason.strip()) < 2:
        raise MissingReason("请写明决定的理由（至少两个字）。")
    if verb is Verb.REFUSE and not legal_basis.strip():
        raise MissingReason("不予的决定须写明法律依据，请填写“法律依据”。")


def check_separation(decider_ids: Iterable[int], examiner_ids: Iterable[int]) -> None:
    """Who examined a case, or for whom it was examined, does not decide it."""
    if set(decider_ids) & set(examiner_ids):
        raise SamePerson


REMEDIES = "如不服本决定，可依法申请行政复议或提起行政诉讼；期限和机关以决定书载明的为准。"


# Letters and digits that are not mistaken for one another when read aloud or copied by hand.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10  # 32**10: fifty bits


def spell_code(random: bytes) -> str:
    """A query code of fifty of the given bits, as XXXXX-XXXXX."""
    number = int.from_bytes(random[:8], "big") >> 14
    letters = [CODE_ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def normalise_code(typed: str) -> str:
    """What a person typed, as a code is spelt: full width, small letters and gaps forgiven."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(char for char in plain if char in CODE_ALPHABET)
    return f"{kept[:5]}-{kept[5:]}"


def case_number(*, region_code: str, unit3: str, date_yymmdd: str, serial: int) -> str:
    """{region6}{unit3}{yyMMdd}{serial6}: 21 digits."""
    return f"{region_code[:6]}{unit3}{date_yymmdd}{serial:06d}"
