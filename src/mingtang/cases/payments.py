"""The interface to whoever takes money, and the counter, which takes it by hand."""

from dataclasses import dataclass
from typing import Protocol

from mingtang.base.errors import DomainError


class PaymentDeclined(DomainError):
    """The provider did not take the money; the text says why."""


@dataclass(frozen=True)
class Taken:
    """Money taken: by whom, and under which number of theirs."""

    provider: str
    reference: str


class PaymentProvider(Protocol):
    """What an installation's provider does. `order` is our own number: the same order twice is
    one payment. Sums are in cents. Raises PaymentDeclined."""

    def take(self, *, cents: int, reference: str, order: str) -> Taken: ...

    def give_back(self, *, cents: int, reference: str, order: str) -> None: ...


class Counter:
    """Cash, card or transfer at the cashier window: a person has the money in hand."""

    name = "counter"

    def take(self, *, cents: int, reference: str, order: str) -> Taken:
        return Taken(self.name, reference.strip())

    def give_back(self, *, cents: int, reference: str, order: str) -> None:
        return None
