"""Rules: where each field of the national implementation list (up_task_general_*) lives here.

What is worked out when a batch is written (codes, widths) is the exchange's; this says from what.
"""

from collections.abc import Iterable

from mingtang.catalogue.rules.details import DETAILS, FEES, MATERIALS
from mingtang.catalogue.rules.fields import Field

BASIC = {
    "row_guid": "edition.id",
    "task_code": "item.code",
    "task_name": "name",
    "task_type": "kind",
    "task_version": "edition.number",
    "task_state": "item.status",
    "project_type": "on_the_spot",
    "server_type": "served",
    "by_law": "basis",
    "dept_code": "body_code",
    "dept_name": "item.department",
    "accept_condition": "conditions",
    "handle_flow": "procedure",
    "anticipate_day": "statutory_amount",
    "anticipate_type": "statutory_unit",
    "anticipate_explain": "statutory_basis",
    "promise_day": "promised_amount",
    "promise_type": "promised_unit",
    "is_fee": "is_free",
}


def _homes(fields: Iterable[Field], prefix: str = "") -> dict[str, str]:
    return {name: f"{prefix}{field.key}" for field in fields for name in field.exchange}


HOMES = {
    "up_task_general_basic": BASIC | _homes(DETAILS),
    "up_task_general_extend": {"task_code": "item.code"} | _homes(DETAILS),
    "up_task_general_material": {"task_code": "item.code", "order_num": "materials"}
    | _homes(MATERIALS.columns, "materials."),
    "up_task_general_fee_project": {"task_code": "item.code"} | _homes(FEES.columns, "fees."),
}
