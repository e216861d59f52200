"""Commands of clean-up campaigns (清理): start, report, decide, freeze, announce, carry out."""

from mingtang.catalogue.services.campaigns.carrying import carry_out
from mingtang.catalogue.services.campaigns.deciding import (
    announce,
    close_inventory,
    decide,
    freeze,
    plan_decisions,
)
from mingtang.catalogue.services.campaigns.reporting import (
    accept_reports,
    plan_report,
    report,
    return_report,
    take_reports,
)
from mingtang.catalogue.services.campaigns.starting import start_campaign

__all__ = [
    "accept_reports",
    "announce",
    "carry_out",
    "close_inventory",
    "decide",
    "freeze",
    "plan_decisions",
    "plan_report",
    "report",
    "return_report",
    "start_campaign",
    "take_reports",
]
