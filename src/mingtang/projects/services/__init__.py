"""Services of projects: agents and what they do, intermediary services."""

from mingtang.projects.services.acting import (
    call_off_hand_over,
    drop_step,
    hand_over,
    note_act,
    plan,
    plan_nodes,
    settle_act,
    take_over,
)
from mingtang.projects.services.agency import conclude, draw_letter, rate, revoke, sign
from mingtang.projects.services.intermediaries import (
    complete,
    engage,
    rate_engagement,
    register,
    renew,
    strike_off,
)

__all__ = [
    "call_off_hand_over",
    "complete",
    "conclude",
    "draw_letter",
    "drop_step",
    "engage",
    "hand_over",
    "note_act",
    "plan",
    "plan_nodes",
    "rate",
    "rate_engagement",
    "register",
    "renew",
    "revoke",
    "settle_act",
    "sign",
    "strike_off",
    "take_over",
]
