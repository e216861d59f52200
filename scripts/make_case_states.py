"""Write docs/case_states.md from the table of moves. Run after changing cases/rules/moves.py.

python scripts/make_case_states.py
"""

from pathlib import Path

from mingtang.cases.rules import MOVES, Move, State

PAGE = Path(__file__).parent.parent / "docs" / "case_states.md"
HEADS = ("No.", "verb", "act", "from", "to", "who", "document", "clock", "law")
INTRO = """# Where a case may stand, and what moves it

Made from `MOVES` in `src/mingtang/cases/rules/moves.py` by `scripts/make_case_states.py`; a test
compares. The numbers are those of the design's table of transitions: T1 files a case online, T2
takes one in across the counter, and neither has a row here because both make a case.
"""


def diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {state.label}" for state in State]
    lines += [
        f"    [*] --> {State.SUBMITTED.value}: T1 网上提交",
        f"    [*] --> {State.RECEIVED.value}: T2 窗口收件",
    ]
    for (source, target), labels in _arrows().items():
        lines.append(f"    {source.value} --> {target.value}: {'、'.join(labels)}")
    return "\n".join([*lines, f"    {State.ARCHIVED.value} --> [*]", "```"])


def _arrows() -> dict[tuple[State, State], list[str]]:
    """One arrow between two states, with all that goes along it. Acts that stay have none."""
    found: dict[tuple[State, State], list[str]] = {}
    for move in MOVES:
        for source in _in_order(move):
            if move.target is not None and source not in move.stays_in:
                found.setdefault((source, move.target), []).append(f"{move.number} {move.label}")
    return found


def _in_order(move: Move) -> list[State]:
    return [state for state in State if state in move.sources]


def table() -> str:
    rows = [HEADS, ("---",) * len(HEADS), *(_row(move) for move in MOVES)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(move: Move) -> tuple[str, ...]:
    return (
        *(move.number, f"`{move.verb.value}`", move.label),
        *("、".join(state.label for state in _in_order(move)), _target(move)),
        *("、".join(move.actors), move.document, move.clock, move.law),
    )


def _target(move: Move) -> str:
    if move.target is None:
        return "原来的状态" if move.verb.value == "reopen" else "不变"
    stays = "、".join(state.label for state in State if state in move.stays_in)
    return f"{move.target.label}（{stays}时不变）" if stays else move.target.label


def page() -> str:
    return f"{INTRO}\n{diagram()}\n\n{table()}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(MOVES)} moves")
