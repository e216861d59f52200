"""Rules of letters: the public copy. What leads to somebody is proposed for masking; what was
changed is shown; what is left stops the release. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from mingtang.base import privacy
from mingtang.base.errors import DomainError
from mingtang.disclosure.rules import scan
from mingtang.letters.rules.kinds import Writer

ADDRESS_MARK = "（住址略）"
LEAST = 2  # characters of a name or address that can be looked for


class StillPersonal(DomainError):
    """A copy that leads to somebody. The sentence never repeats what it found."""

    def __init__(self, found: Iterable[str]) -> None:
        super().__init__(
            f"公开稿里还有可以认出个人的内容：{'、'.join(found)}。请改成星号或者删去后再提交。"
        )


class NoConsent(DomainError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "来信人没有同意公开，不能公开本件（《个人信息保护法》第二十五条）。可以写成常见问答。"
        )


class OnePersonTwice(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("公开稿须由两个人经手：起草的人不能自己确认。请另一位同事确认。")


def propose(text: str, writer: Writer) -> str:
    """A text with everything masked that is known, or looks, as if it led to somebody."""
    plain = privacy.readable(text)
    for known in _known(writer):
        plain = plain.replace(privacy.readable(known), ADDRESS_MARK)
    plain = privacy.mask_text(plain, [writer.name])
    parts, at = [], 0
    for spot in privacy.find_homes(plain):
        if spot.start >= at:
            parts += [plain[at : spot.start], spot.masked]
            at = spot.end
    return "".join([*parts, plain[at:]])


def _known(writer: Writer) -> list[str]:
    """What the form says beside the name, the longest before."""
    told = (writer.address, writer.email, writer.phone)
    return sorted({one.strip() for one in told if len(one.strip()) >= LEAST}, key=len, reverse=True)


def check(texts: Iterable[str], writer: Writer) -> None:
    """Raises StillPersonal for what a public copy may not hold."""
    whole = privacy.readable("\n".join(texts))
    found = [one.label for one in scan.blocking(scan.scan_text(whole, [writer.name]))]
    bare = "".join(whole.split())
    told = {"联系电话": writer.phone, "电子邮箱": writer.email, "联系地址": writer.address}
    for what, known in told.items():
        wanted = "".join(privacy.readable(known).split())
        if len(wanted) >= LEAST and wanted in bare:
            found.append(what)
    if len(writer.name.strip()) >= LEAST and writer.name.strip() in bare:
        found.append("来信人姓名")
    if found:
        raise StillPersonal(dict.fromkeys(found))


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: as it was, taken out, or put in."""

    kind: str  # same, out, in
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """What of the original the copy leaves out, and what it says instead."""
    old, new = privacy.readable(before), after
    pieces: list[Piece] = []
    for op, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", old[i:j]))
            continue
        if j > i:
            pieces.append(Piece("out", old[i:j]))
        if m > k:
            pieces.append(Piece("in", new[k:m]))
    return pieces
