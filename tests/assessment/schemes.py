"""Schemes for tests, small and whole."""

from decimal import Decimal
from typing import Any

from mingtang.assessment.rules.schemes import Indicator, Offer, Scheme, Shape, Step

D = Decimal
OFFERS = {
    "late": Offer(Shape.COUNT),
    "yellow": Offer(Shape.COUNT),
    "red": Offer(Shape.COUNT),
    "refusal": Offer(Shape.COUNT),
    "on_time": Offer(Shape.RATIO),
    "good": Offer(Shape.RATIO),
    "marks": Offer(Shape.VALUE),
}


def deduct(key: str, per: str, weight: str = "0", **more: Any) -> Indicator:
    return Indicator(
        key=key, name=key, kind="deduct", source=key, per=D(per), weight=D(weight), **more
    )


def steps(key: str, weight: str, *rows: tuple[str, str | None, str], **more: Any) -> Indicator:
    made = tuple(Step(D(a), None if b is None else D(b), D(c)) for a, b, c in rows)
    return Indicator(
        key=key, name=key, kind="ratio_steps", source=key, weight=D(weight), steps=made, **more
    )


def linear(key: str, weight: str, source: str, **more: Any) -> Indicator:
    return Indicator(key=key, name=key, kind="linear", source=source, weight=D(weight), **more)


def manual(key: str = "manual", weight: str = "0", **more: Any) -> Indicator:
    return Indicator(key=key, name=key, kind="manual", weight=D(weight), **more)


def scheme(*indicators: Indicator, **more: Any) -> Scheme:
    fields: dict[str, Any] = {
        "code": "test",
        "name": "试行办法",
        "cycle": "month",
        "target": "department",
        "base": D(100) - sum((one.weight for one in indicators), D(0)),
        **more,
    }
    return Scheme(indicators=indicators, **fields)
