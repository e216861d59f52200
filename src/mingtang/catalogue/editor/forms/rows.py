"""The rows of a table of the draft: one form for each, made from the table's columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.editor.forms.fields import (
    LONG,
    Line,
    SeveralField,
    TextField,
    field_for,
    written_over,
)
from mingtang.catalogue.rules.content import MATERIAL_BLANK, material_id
from mingtang.catalogue.rules.details import BY_KEY, MATERIALS
from mingtang.catalogue.rules.fields import Field, Row, Several, Table, Text, is_blank
from mingtang.catalogue.rules.route import ROUTE

TINY = 10  # characters up to which a text takes no more room than they need
SHORT = 60  # characters up to which a text shares its line with several others
WORDY = 256  # characters from which a text of a row grows with what is written
MORE_ROWS = 5  # blank rows after “保存并加行”
LOCKED_HELP = _("随基本目录，不能在本地修改")


@dataclass(frozen=True)
class Grid:
    """A table as the form shows it: columns beyond `main` are folded away."""

    table: Table
    help: Any = ""
    identity: str = ""  # the hidden field by which a row is known again
    main: int = 99
    blank_rows: int = 1
    listed: Mapping[str, str] = field(default_factory=dict)  # columns with a list of words to use
    unchosen: Mapping[str, Any] = field(
        default_factory=dict
    )  # what is said where nothing is chosen

    @property
    def key(self) -> str:
        return self.table.key


def _grid(key: str, help_text: Any) -> Grid:
    table = BY_KEY[key]
    assert isinstance(table, Table)
    return Grid(table, help_text)


GRIDS = {
    grid.key: grid
    for grid in (
        _grid("variants", _("同一事项分几种情形办理的，一种情形一行，代码两位，如 01、02。")),
        Grid(
            MATERIALS,
            _("一份材料一行，只列法定必需的。"),
            "id",
            main=5,
            blank_rows=2,
            listed={"need": "needs", "form": "shapes"},
        ),
        Grid(ROUTE, ROUTE.help, "key", main=6, unchosen={"organisation": _("本部门")}),
        _grid("special", _("听证、检测、检疫、鉴定、专家评审等，所需时间不计入时限。")),
        _grid("fees", _("收费的，一个项目一行，写明标准和依据文件。")),
        _grid("places", _("一个地点一行，写明开放时间和电话。")),
        _grid("questions", _("申请人常问的问题和答复。")),
    )
}


class RowForm(forms.Form):
    """A row. `offered` are words for the columns whose list is open."""

    grid: Grid
    ORDER = forms.IntegerField(
        label=_("序号"),
        min_value=1,
        max_value=999,
        required=False,
        error_messages={"invalid": _("应是1到999的整数，或留空。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, offered: Mapping[str, Mapping[str, str]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for key, form_field in list(self.fields.items()):
            words = (offered or {}).get(key, {})
            if isinstance(form_field, SeveralField) and form_field.rule.options is None:  # type: ignore[attr-defined]
                form_field.offer(self._without_itself(words), self[key].value())
                if not form_field.choices:
                    del self.fields[key]
            elif isinstance(form_field, TextField) and words:
                form_field.offer(words, self[key].value(), self.grid.unchosen.get(key, "—"))

    def _without_itself(self, words: Mapping[str, str]) -> dict[str, str]:
        """No row waits for itself."""
        own = self[self.grid.identity].value() if self.grid.identity else None
        return {word: label for word, label in words.items() if word != own}

    def clean(self) -> dict[str, Any]:
        first = self.grid.table.columns[0]
        typed = any(not is_blank(value) for value in self.typed.values())
        if typed and first.key in self.cleaned_data and not self.typed[first.key]:
            text = _("这一行写了内容，没有写%(label)s。") % {"label": first.label}
            self.add_error(first.key, text)
        return self.cleaned_data

    @property
    def typed(self) -> Row:
        """The values of the columns that the form shows."""
        columns = [column.key for column in self.grid.table.columns]
        hidden = self.grid.identity
        data = self.cleaned_data
        return {key: data[key] for key in columns if key in data and key != hidden}

    @property
    def is_gone(self) -> bool:
        """The row is to be deleted, or says nothing."""
        return bool(self.cleaned_data.get("DELETE")) or all(map(is_blank, self.typed.values()))

    def _cells(self) -> list[Any]:
        shown = (column for column in self.grid.table.columns if column.key in self.fields)
        return [
            {"bound": self[column.key], "width": _width(column)}
            for column in shown
            if column.key != self.grid.identity
        ]

    @property
    def main_cells(self) -> list[Any]:
        return self._cells()[: self.grid.main]

    @property
    def more_cells(self) -> list[Any]:
        return self._cells()[self.grid.main :]

    @property
    def filled_count(self) -> int:
        """How many of the folded columns say something."""
        return sum(not is_blank(cell["bound"].value()) for cell in self.more_cells)

    @property
    def is_unfolded(self) -> bool:
        """A column that is folded away has an error."""
        return any(cell["bound"].errors for cell in self.more_cells)


def _width(column: Field) -> str:
    if isinstance(column, Several) or (isinstance(column, Text) and column.most >= LONG):
        return "full"
    if not isinstance(column, Text):
        return "short"
    if column.most <= TINY:
        return "tiny"
    return "long" if column.most > SHORT else "short"


def _cell_field(column: Field) -> Any:
    """The form field of a column. A sentence is read whole, on a phone too."""
    made = field_for(column)
    if isinstance(column, Text) and column.most >= WORDY and isinstance(made.widget, Line):
        made.widget = forms.Textarea(attrs={"rows": 1})
    return made


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """The rows of one grid: wrong ones come back, the right ones in the order of their numbers."""

    grid: Grid
    is_locked = False
    locked_help = LOCKED_HELP
    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": _("没有收到这张表，请重新打开本页再填。"),
        "too_many_forms": _("最多%(num)d行，请合并相近的行。"),
    }

    def full_clean(self) -> None:
        """Fewer rows than the page had would be rows lost without anybody saying so."""
        super().full_clean()
        if self.is_bound and self.total_form_count() < self.initial_form_count():
            told = self.default_error_messages["missing_management_form"]
            self.non_form_errors().append(told)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("删去这一行")
        if index is not None and index < self.initial_form_count():
            form.fields["ORDER"].initial = index + 1
        if self.is_locked:
            for form_field in form.fields.values():
                form_field.disabled = True

    def rows(self, before: list[Row]) -> list[Row]:
        """What was typed, over the rows before."""
        identity = self.grid.identity
        known = {row.get(identity) if identity else n: row for n, row in enumerate(before)}
        taken = {str(key) for key in known}
        found = []
        for number, form in self._in_order():
            if form.is_gone:
                continue
            key = form.cleaned_data.get(identity) if identity else number
            row = self._row(form, known.pop(key, None))
            if self.grid.table is MATERIALS and "id" not in row:
                row = {"id": material_id(row["name"], taken), **row}
                taken.add(row["id"])
            found.append(row)
        return found

    def _row(self, form: RowForm, stored: Row | None) -> Row:
        blanks = MATERIAL_BLANK if self.grid.table is MATERIALS else {}
        return written_over(blanks if stored is None else stored, form.typed, blanks)

    def _in_order(self) -> Iterator[tuple[int, Any]]:
        """A number typed is the place where the row will stand; without one a row stays."""
        placed = []
        for place, form in enumerate(self.forms, 1):
            number = form.cleaned_data.get("ORDER") or place
            placed.append((number, (number > place) - (number < place), place, form))
        for _number, _moved, place, form in sorted(placed, key=lambda one: one[:3]):
            yield place - 1, form

    def wrong(self) -> Iterator[tuple[int, Any]]:
        """Each form that is kept and wrong, with the number of its row."""
        for number, form in enumerate(self.forms, 1):
            if form.errors and not form.cleaned_data.get("DELETE"):
                yield number, form


def formset_of(grid: Grid) -> Any:
    """The class of the rows of a grid. Made once for each grid: `rows_in` fills it."""
    columns: dict[str, Any] = {
        column.key: _cell_field(column)
        for column in grid.table.columns
        if column.key != grid.identity
    }
    for name, words in grid.listed.items():
        columns[name].widget.attrs["list"] = words
    if grid.identity:
        columns[grid.identity] = forms.CharField(required=False, widget=forms.HiddenInput)
    made = forms.formset_factory(
        type(f"{grid.key.title()}Row", (RowForm,), {"grid": grid, **columns}),
        formset=Rows,
        can_delete=True,
        max_num=grid.table.most,
        absolute_max=grid.table.most + 20,
        validate_max=True,
    )
    made.grid = grid  # type: ignore[attr-defined]
    return made


@cache
def formset_for(key: str) -> Any:
    return formset_of(GRIDS[key])


def rows_for(key: str, data: Any, before: list[Row], **more: Any) -> Any:
    """The rows of a table of the catalogue: see `rows_in`."""
    return rows_in(formset_for(key), data, before, **more)


def rows_in(
    formset: Any,
    data: Any,
    before: list[Row],
    *,
    is_locked: bool = False,
    has_more: bool = False,
    offered: Mapping[str, Mapping[str, str]] | None = None,
) -> Any:
    """The rows of a table: those typed, or those before with blank ones after them.

    Locked rows are those before, whatever was typed.
    """
    made = formset(
        None if is_locked else data,
        prefix=formset.grid.key,
        initial=before,
        form_kwargs={"offered": offered},
    )
    made.is_locked = is_locked
    made.extra = 0 if is_locked else MORE_ROWS if has_more else made.grid.blank_rows
    return made
