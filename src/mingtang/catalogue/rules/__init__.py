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
    ItemKind,
    KindRow,
    kind_from,
    profile_for,
)
from mingtang.catalogue.rules.limits import (
    DEFAULT_PROMISE,
    LAW_SETS_NONE,
    NOT_STATED,
    Limit,
    LimitUnreadable,
    PromiseTooLong,
    SettledLimits,
    is_longer,
    read_limit,
    settle,
)
from mingtang.catalogue.rules.profiles import PROFILES, SHIPPED, Profile, profile_on

__all__ = [
    "DEFAULT_PROMISE",
    "KINDS",
    "LAW_SETS_NONE",
    "NOT_STATED",
    "PROFILES",
    "SCHEME_LABELS",
    "SHIPPED",
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
    "profile_on",
    "read_limit",
    "recognise_code",
    "settle",
]
