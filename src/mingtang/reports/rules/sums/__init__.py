"""Rules of reports: totals and their parts in running text. Pure."""

from mingtang.reports.rules.sums.judging import Sum
from mingtang.reports.rules.sums.reading import check_sums, sums_of

__all__ = ["Sum", "check_sums", "sums_of"]
