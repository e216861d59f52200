"""Rules of reports: percentages and comparisons with the year before, in running text. Pure.

A percentage is recomputed only where the text itself names what it is a percentage of.
"""

from mingtang.reports.rules.shares.claim import written
from mingtang.reports.rules.shares.parts import check_shares, check_wholes
from mingtang.reports.rules.shares.rates import check_rates
from mingtang.reports.rules.shares.ratios import check_ratios
from mingtang.reports.rules.shares.turns import check_moves, check_years

__all__ = [
    "check_moves",
    "check_rates",
    "check_ratios",
    "check_shares",
    "check_wholes",
    "check_years",
    "written",
]
