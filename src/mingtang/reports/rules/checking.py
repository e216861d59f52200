"""Rules of reports: every check of the linter, in the order of its report. Pure."""

from collections.abc import Callable, Iterator

from mingtang.reports.rules import (
    agreement,
    balances,
    cells,
    claims,
    contents,
    dating,
    heads,
    shares,
    sums,
    totals,
    wording,
    years,
)
from mingtang.reports.rules.documents import Context, Document
from mingtang.reports.rules.findings import Opinion, Outcome

Check = Callable[[Document, Context], Iterator[Outcome]]

CHECKS: tuple[Check, ...] = (
    dating.check_title,
    years.check_years_told,
    dating.check_dates,
    dating.check_order,
    dating.check_cited,
    dating.check_plans,
    dating.check_index_year,
    dating.check_calendar,
    heads.check_index,
    heads.check_organ,
    heads.check_clock_time,
    heads.check_fields,
    sums.check_sums,
    totals.check_totals,
    totals.check_statistics,
    shares.check_shares,
    shares.check_wholes,
    shares.check_years,
    shares.check_moves,
    shares.check_rates,
    shares.check_ratios,
    cells.check_requests,
    cells.check_remedies,
    cells.check_suits,
    cells.check_blanks,
    cells.check_charges,
    cells.check_years,
    balances.check_balances,
    claims.check_narrative,
    claims.check_agreement,
    agreement.check_told_twice,
    contents.check_web_total,
    contents.check_sites,
    contents.check_screens,
    contents.check_pace,
    contents.check_records,
    contents.check_scopes,
    contents.check_ways,
    contents.check_forms,
    contents.check_pairs,
    wording.check_setting,
    wording.check_carriers,
    dating.check_number_style,
    wording.check_slips,
    wording.check_notices,
    heads.check_completeness,
)


def lint(document: Document, context: Context | None = None) -> Opinion:
    """All that there is to say of a report."""
    known = context or Context()
    return Opinion.of(outcome for check in CHECKS for outcome in check(document, known))
