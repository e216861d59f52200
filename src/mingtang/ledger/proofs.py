"""Proofs out of the tree: that an event stands in it, and that a later head holds an earlier one.

Both are paths of hashes (RFC 9162, sections 2.1.3 and 2.1.4), as many as the tree is tall, twice as
many at most. For them every 256th part of the tree is noted as a row: three statements a level of
256, however many events there are.
"""

from typing import Any

from django.db.models import Max

from mingtang.base.errors import DomainError
from mingtang.base.profile import digest
from mingtang.ledger import heads, queries
from mingtang.ledger.models import TreeHead, TreeLeaf, TreeNode, node_place
from mingtang.ledger.verify_ledger import (
    EXTENSION,
    RECEIPT,
    Tree,
    joined,
    read_receipt,
    spelt,
)

WIDE, TOGETHER = 8, 256  # levels from one noted node to the next, and nodes below each
TALLEST = 40  # 2**40 events


class NoProofYet(DomainError):
    """No signed head covers it yet, or the tree is only being noted."""

    status = 404

    def __init__(self) -> None:
        super().__init__("防改凭证还没有生成，通常几秒钟就好。请稍后刷新再试。")


class Nodes:
    """The hashes of full subtrees, read as they are asked for."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def below(self, level: int, number: int) -> list[bytes]:
        """The up to 256 hashes of a level (0, 8, 16, …) that lie below one node of the next."""
        key = level, number
        if key not in self._read:
            first = number * TOGETHER
            self._read[key] = self._hashes(level, first, first + TOGETHER)
        return self._read[key]

    def _hashes(self, level: int, first: int, end: int) -> list[bytes]:
        if level:
            span = (node_place(level, first), node_place(level, end) - 1)
            nodes = TreeNode.objects.filter(place__range=span).order_by("place")
            return [bytes.fromhex(one) for one in nodes.values_list("hash", flat=True)]
        leaves = TreeLeaf.objects.filter(position__range=(first, end - 1)).order_by("position")
        return [bytes.fromhex(one) for one in leaves.values_list("event__leaf", flat=True)]

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves from one to before another, as a tree by itself."""
        count = end - start
        level = count.bit_length() - 1
        if count == 1 << level:
            return self._full(level, start >> level)
        middle = start + _left(count)
        return joined(self.root(start, middle), self.root(middle, end), digest)

    def _full(self, level: int, number: int) -> bytes:
        base = level - level % WIDE
        first, count = number << (level - base), 1 << (level - base)
        at = first % TOGETHER
        part = self.below(base, first // TOGETHER)[at : at + count]
        if len(part) < count:
            raise NoProofYet
        return grown(part).root()

    def path(self, position: int, start: int, end: int) -> list[bytes]:
        """From a leaf to the root over a span of leaves, lowest first."""
        if end - start == 1:
            return []
        middle = start + _left(end - start)
        if position < middle:
            return [*self.path(position, start, middle), self.root(middle, end)]
        return [*self.path(position, middle, end), self.root(start, middle)]

    def extension(self, size: int, start: int, end: int, *, is_known: bool = True) -> list[bytes]:
        """What shows that a tree of `end` leaves begins with that of `size`. `is_known`: whether
        the root over the span is that of the earlier tree, which the reader has."""
        if size == end:
            return [] if is_known else [self.root(start, end)]
        middle = start + _left(end - start)
        if size <= middle:
            before = self.extension(size, start, middle, is_known=is_known)
            return [*before, self.root(middle, end)]
        before = self.extension(size, middle, end, is_known=False)
        return [*before, self.root(start, middle)]


def _left(count: int) -> int:
    """How many of so many leaves are in the left part: a power of two, the biggest that is less."""
    return 1 << ((count - 1).bit_length() - 1)


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree(digest=digest)
    for leaf in leaves:
        tree.add(leaf)
    return tree


def nodes_owed(level: int, most: int) -> list[TreeNode]:
    """The next full subtrees of a level (8, 16, …) that are not noted, not saved."""
    span = (node_place(level, 0), node_place(level + 1, 0) - 1)
    last = TreeNode.objects.filter(place__range=span).aggregate(last=Max("place"))["last"]
    number = last - node_place(level, 0) + 1 if last is not None else 0
    nodes, found = Nodes(), []
    for one in range(number, number + most):
        part = nodes.below(level - WIDE, one)
        if len(part) < TOGETHER:
            break
        found.append(TreeNode(place=node_place(level, one), hash=grown(part).root().hex()))
    return found


def receipt_of(stream: str, seq: int | None = None) -> bytes:
    """The receipt of a stream's last event that a signed head covers, or of that with a number:
    with it the whole history up to there, because each event names the one before it. No personal
    data. Raises NoProofYet."""
    head = queries.latest_head()
    rows = TreeLeaf.objects.filter(event__stream=stream).order_by("-event__seq")
    rows = rows if seq is None else rows.filter(event__seq=seq)
    place = rows.filter(position__lt=head.size).select_related("event").first() if head else None
    if head is None or place is None:
        raise NoProofYet
    told = {
        "format": RECEIPT,
        "leaf": place.event.leaf,
        "position": place.position,
        "path": [one.hex() for one in Nodes().path(place.position, 0, head.size)],
        "head": heads.told(head),
    }
    content = spelt(told) + b"\n"
    read_receipt(content)  # one that does not hold is handed to nobody
    return content


def extension_of(size: int, head: TreeHead) -> bytes:
    """The line that shows whoever has the head of an earlier size that this one holds all of it.
    Raises NoProofYet where this one is the earlier."""
    if not 0 <= size <= head.size:
        raise NoProofYet
    told: dict[str, Any] = {
        "format": EXTENSION,
        "size": size,
        "path": [one.hex() for one in Nodes().extension(size, 0, head.size)] if size else [],
        "head": heads.told(head),
    }
    return spelt(told) + b"\n"
