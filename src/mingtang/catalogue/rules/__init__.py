"""Rules of the catalogue: codes, kinds and profiles, limits, the rows of an import. Pure."""

from mingtang.catalogue.rules.codes import (
    SCHEME_LABELS,
    CodeScheme,
    CodeUnusable,
    RecognisedCode,
    recognise_code,
)
from mingtang.catalogue.rules.kinds import (
    KINDS,
    PROFILES,
    ItemKind,
    KindRow,
    Profile,
    kind_from,
    profile_for,
)
from mingtang.catalogue.rules.limits import (
    DEFAULT_PROMISE,
    NOT_STATED,
    Limit,
    LimitUnreadable,
    PromiseTooLong,
    SettledLimits,
    is_longer,
    read_limit,
    settle,
)

__all__ = [
    "DEFAULT_PROMISE",
    "KINDS",
    "NOT_STATED",
    "PROFILES",
    "SCHEME_LABELS",
    "CodeScheme",
    "CodeUnusable",
    "ItemKind",
    "KindRow",
    "Limit",
    "LimitUnreadable",
    "Profile",
    "PromiseTooLong",
    "RecognisedCode",
    "SettledLimits",
    "is_longer",
    "kind_from",
    "profile_for",
    "read_limit",
    "recognise_code",
    "settle",
]
