"""Rules: business variants of an item (业务办理项: 新办, 变更, 延续), what each asks for. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def chosen(variants: Sequence[Row], code: str) -> Row | None:
    """The variant of a code; None where there is no such one: then all are meant."""
    return next((one for one in variants if code and one["code"] == code), None)


def asked_for(materials: Sequence[Row], variant: Row | None) -> list[Row]:
    """What one has to bring for a variant: materials that name no variant are for all."""
    if variant is None:
        return list(materials)
    code = variant["code"]
    return [line for line in materials if code in (line.get("variants") or [code])]


def names_of(variants: Sequence[Row], codes: Sequence[str]) -> str:
    """What people call these variants; a code that none has stands for itself."""
    known = {one["code"]: one.get("name") or one["code"] for one in variants}
    return "、".join(known.get(code, code) for code in codes)
