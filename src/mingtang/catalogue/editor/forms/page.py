"""The form of a whole draft: its fields and tables in the groups of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.editor.forms.content import HIDDEN, ContentForm
from mingtang.catalogue.editor.forms.fields import written_over
from mingtang.catalogue.editor.forms.rows import GRIDS, rows_for
from mingtang.catalogue.rules.content import COLUMNS, Content
from mingtang.catalogue.rules.route import route_of, rows_of

NOTHING: Mapping[str, str] = {}
LIMIT_PARTS = ("amount", "unit")
PROMISE = tuple(f"promised_{part}" for part in LIMIT_PARTS)
STATUTORY = tuple(f"statutory_{part}" for part in LIMIT_PARTS)


@dataclass(frozen=True)
class Group:
    """A part of the page. A line holds the key of a table or of fields that stand side by side."""

    key: str
    title: Any
    lines: tuple[tuple[str, ...], ...]


GROUPS = (
    Group(
        "part-name",
        _("一、项目名称"),
        (("name",), ("main_item",), ("kind", "served"), ("profile",), ("variants",)),
    ),
    Group("part-basis", _("二、办事依据"), (("basis",),)),
    Group("part-conditions", _("三、申报条件"), (("conditions",), ("quantity_limit",))),
    Group("part-materials", _("四、申报材料"), (("materials",),)),
    Group(
        "part-procedure",
        _("五、办理程序"),
        (
            *(("procedure",), ("route",), ("special",), ("joint_bodies",), ("intermediary",)),
            *(("pre_examined_by", "pre_examination_days"), ("decided_by",)),
        ),
    ),
    Group(
        "part-limit",
        _("六、承诺时限"),
        (
            *(PROMISE, ("promised_note",), ("on_the_spot",)),
            *(STATUTORY, ("statutory_basis",), ("no_statutory_limit",)),
        ),
    ),
    Group("part-fee", _("七、收费标准"), (("is_free",), ("fees",), ("fee_basis",), ("fee",))),
    Group(
        "part-ways",
        _("办理方式"),
        (
            *(("channels",), ("service_levels",), ("scope_area", "in_centre")),
            *(("towns",), ("villages",), ("visits", "visits_note")),
            *(("online", "online_depth"), ("real_name",), ("online_url",)),
            ("booking", "online_payment", "express"),
        ),
    ),
    Group(
        "part-places",
        _("地点、时间和咨询"),
        (("places",), ("enquiry",), ("complaint",), ("questions",)),
    ),
    Group("part-result", _("办理结果"), (("result_type",), ("result_name",))),
    Group("part-more", _("分类和日期"), (("themes",), ("effective_on", "cancelled_on"))),
    Group(
        "part-codes",
        _("国家目录编码"),
        (
            *(("basic_code", "local_basic_code"), ("local_code", "body_code")),
            *(("level", "power_source"), ("body_type", "entrusted_by")),
        ),
    ),
    Group(
        "part-lists",
        _("权力清单和责任清单"),
        (("office",), ("discretion",), ("accountability",)),
    ),
)


def _fields_over(content: Content, typed: Content) -> Content:
    """Fields of columns have blanks; those of details are left out where nothing is said."""
    blanks = {key: typed[key] for key in (*COLUMNS, "main_item") if key in typed}
    return written_over(content, typed, blanks)


class DraftForms:
    """The form of a draft and the rows of its tables, all sent together.

    `data` is what was sent; `stands` are the hidden fields as they are now; `more` is the table
    that is to have room for more rows. What is `locked` stays as the draft has it. `units` are
    those that a step may be given to: code and name.
    """

    def __init__(
        self,
        before: Content,
        data: Any = None,
        *,
        stands: dict[str, Any] | None = None,
        locked: frozenset[str] = frozenset(),
        more: str = "",
        units: Mapping[str, str] = NOTHING,
    ) -> None:
        self.before = before
        self.locked = locked
        self.form = ContentForm(data, initial={**before, **(stands or {})}, locked=locked)
        self.tables: dict[str, Any] = {}
        for key in GRIDS:
            self.tables[key] = rows_for(
                key,
                data,
                self._rows_before(key),
                is_locked=key in locked,
                has_more=key == more,
                offered={
                    "variants": self._variants(),
                    "needs": self._steps(),
                    "organisation": units,
                },
            )

    def _rows_before(self, key: str) -> list[Any]:
        if key == "route":
            return rows_of(self.before["route"])
        return self.before.get(key) or []

    def _variants(self) -> dict[str, str]:
        """The business variants as they are now on the page: code and name."""
        found: dict[str, str] = {}
        for form in self.tables.get("variants", ()):
            code, name = (str(form[key].value() or "").strip() for key in ("code", "name"))
            found |= {code: f"{code} {name}".strip()} if code else {}
        return found

    def _steps(self) -> dict[str, str]:
        """The steps that the draft has: key and name. A new one is offered once it is saved."""
        return {row["key"]: row["name"] for row in rows_of(self.before["route"])}

    def _open_tables(self) -> list[Any]:
        return [rows for key, rows in self.tables.items() if key not in self.locked]

    def is_valid(self) -> bool:
        parts = [part.is_valid() for part in (self.form, *self._open_tables())]
        return all(parts)  # each part is asked: all errors are told at once

    def content(self) -> Content:
        """What was typed, over what the draft held: what the form does not show stays."""
        content = _fields_over(self.before, self.form.typed)
        for rows in self._open_tables():
            self._take(content, rows)
        kept = all(content[key] == self.before[key] for key in PROMISE)
        content["promised_is_default"] = self.before["promised_is_default"] and kept
        return content

    def _take(self, content: Content, rows: Any) -> None:
        key = rows.grid.key
        before = self._rows_before(key)
        typed = rows.rows(before)
        if typed == before:
            return
        if key == "route":
            content[key] = route_of(typed)
        elif typed or key in COLUMNS:
            content[key] = typed
        else:
            content.pop(key, None)

    def refuse(self, sentences: list[str]) -> None:
        """Show why what was typed was not kept."""
        for sentence in sentences:
            self.form.add_error(None, sentence)

    def retell(self, stands: dict[str, Any]) -> None:
        """After a refusal the hidden fields say how things stand: pressing again may work."""
        data: Any = self.form.data
        self.form.data = data = data.copy()
        for key, value in stands.items():
            data[key] = str(value)

    # ── what the page shows ───────────────────────────────────────────────────────────────────

    def groups(self) -> Iterator[dict[str, Any]]:
        """The groups with their fields and tables, in order; those with errors are marked."""
        for group in GROUPS:
            lines = [self._line(line) for line in group.lines]
            lines[0]["is_alone"] = len(lines) == 1
            yield {
                "key": group.key,
                "title": group.title,
                "lines": lines,
                "is_wrong": any(True for line in group.lines for _ in self._line_errors(line)),
            }

    def _line(self, line: tuple[str, ...]) -> dict[str, Any]:
        if line[0] in self.tables:
            key = line[0]
            return {"rows": self.tables[key], "is_locked": key in self.locked}
        return {
            "fields": [self.form[key] for key in line],
            "themes": list(self.form.theme_groups()) if line == ("themes",) else None,
        }

    def errors(self) -> dict[str, list[Any]]:
        """What the summary at the top lists: sentences, and lines that lead to their places."""
        lines = [one for group in GROUPS for line in group.lines for one in self._line_errors(line)]
        hidden = [str(error) for key in HIDDEN for error in self.form.errors.get(key, [])]
        return {"general": [*self.form.non_field_errors(), *hidden], "lines": lines}

    def _line_errors(self, line: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        for key in line:
            if key in self.tables:
                yield from row_errors(self.tables[key])
            else:
                yield from told(self.form[key], self.form[key].label)


def row_errors(rows: Any) -> Iterator[dict[str, Any]]:
    """What is wrong in the rows of a table, each with the way to its place."""
    label = rows.grid.table.label
    if not rows.is_bound:
        return
    for error in rows.non_form_errors():
        yield {"target": rows.grid.key, "label": label, "error": error}
    for number, form in rows.wrong():
        for bound in form:
            row = _("%(table)s第%(row)s行“%(column)s”") % {
                "table": label,
                "row": number,
                "column": bound.label,
            }
            yield from told(bound, row)


def told(bound: Any, label: Any) -> Iterator[dict[str, Any]]:
    """The errors of a field, each with the way to it."""
    target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id
    for error in bound.errors:
        yield {"target": target, "label": label, "error": error}
