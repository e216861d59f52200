"""Commands of villages."""

from mingtang.villages.services.checking import approve, examine
from mingtang.villages.services.drafting import add_lines, begin, drop_line, hand_in, write
from mingtang.villages.services.importing import read_lines
from mingtang.villages.services.objecting import (
    objection_by_code,
    raise_objection,
    reply,
    tracking_code,
)
from mingtang.villages.services.owing import owe, sweep
from mingtang.villages.services.releasing import archive, release, take_down
from mingtang.villages.services.setting import (
    add_section,
    add_villages,
    confirm_limit,
    declare_kinship,
    decline_limit,
    end_kinship,
    end_notice,
    end_section,
    load_shipped,
    push_notice,
    seat_member,
    set_limit,
    shipped_codes,
    unseat_member,
)

__all__ = [
    "add_lines",
    "add_section",
    "add_villages",
    "approve",
    "archive",
    "begin",
    "confirm_limit",
    "declare_kinship",
    "decline_limit",
    "drop_line",
    "end_kinship",
    "end_notice",
    "end_section",
    "examine",
    "hand_in",
    "load_shipped",
    "objection_by_code",
    "owe",
    "push_notice",
    "raise_objection",
    "read_lines",
    "release",
    "reply",
    "seat_member",
    "set_limit",
    "shipped_codes",
    "sweep",
    "take_down",
    "tracking_code",
    "unseat_member",
    "write",
]
