"""Rules of requests: the fee for handling information (国办函〔2020〕109号). Pure.

Either by count or by volume, each marginal, never both.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base.errors import DomainError
from mingtang.requests.rules.law import NoFee


class FeeBasis(StrEnum):
    """By what a fee is reckoned. Stored."""

    COUNT = "count"
    VOLUME = "volume"

    @property
    def label(self) -> str:
        return {"count": "按件计收", "volume": "按量计收"}[self]

    @property
    def unit(self) -> str:
        return {"count": "件", "volume": "页"}[self]


@dataclass(frozen=True)
class Band:
    """From the n-th unit on, each costs so much."""

    first: int
    yuan: int


@dataclass(frozen=True)
class Tariff:
    """What a request costs from a day on. After the last band by count the price goes on rising."""

    since: date
    source: str
    by_count: tuple[Band, ...]
    by_volume: tuple[Band, ...]
    pay_days: int  # working days from the day after the notice
    step: int = 10  # by count: each further band of so many …
    rise: int = 100  # … costs so much more each


TARIFFS = (
    Tariff(
        since=date(2021, 1, 1),  # [K] the method is of 2020-11-17
        source="《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
        by_count=(Band(1, 0), Band(11, 100), Band(31, 200)),
        by_volume=(Band(1, 0), Band(31, 10), Band(101, 20), Band(201, 40)),
        pay_days=20,
    ),
)


class BadQuantity(DomainError):
    def __init__(self) -> None:
        super().__init__("件数或页数须为 1 以上的整数，请更正。")


@dataclass(frozen=True)
class Slice:
    """So many units at one price: a line of the notice."""

    count: int
    yuan: int

    @property
    def amount(self) -> int:
        return self.count * self.yuan


def tariff_on(on: date) -> Tariff:
    """Raises NoFee where the day has no tariff."""
    begun = [tariff for tariff in TARIFFS if tariff.since <= on]
    if not begun:
        raise NoFee(on)
    return begun[-1]


def price(tariff: Tariff, basis: FeeBasis, place: int) -> int:
    """What the unit at a place costs: the 35th request of a month 200 yuan."""
    bands = tariff.by_count if basis is FeeBasis.COUNT else tariff.by_volume
    band = [band for band in bands if band.first <= place][-1]
    if basis is FeeBasis.COUNT and band is bands[-1]:
        return band.yuan + (place - band.first) // tariff.step * tariff.rise
    return band.yuan


def slices(basis: FeeBasis, quantity: int, on: date, before: int = 0) -> list[Slice]:
    """The units of a request by price. `before`: by count, what the applicant asked for earlier in
    the month. Raises NoFee, BadQuantity."""
    if quantity < 1 or before < 0 or quantity > 100_000:
        raise BadQuantity
    if before and basis is FeeBasis.VOLUME:
        raise DomainError("按量计收只算本件的页数，不与其他申请累计。请改正。")
    tariff, found = tariff_on(on), list[Slice]()
    for place in range(before + 1, before + quantity + 1):
        yuan = price(tariff, basis, place)
        if found and found[-1].yuan == yuan:
            found[-1] = Slice(found[-1].count + 1, yuan)
        else:
            found.append(Slice(1, yuan))
    return found


def fee(basis: FeeBasis, quantity: int, on: date, before: int = 0) -> int:
    """Yuan for a request. 35 requests of a month: 3,000; 250 pages: 4,700."""
    return sum(one.amount for one in slices(basis, quantity, on, before))
