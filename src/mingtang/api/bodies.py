"""Bodies: what the forms of the screens take, as JSON. The form stays the one that judges."""

import hashlib
import json
from collections.abc import Container, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal, Optional

import pydantic
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel, ConfigDict, Field, create_model

from mingtang.api.rules import BodyWrong, Fault, NotJson, fault_of

MOST_CHOSEN = 500
LONGEST = 100_000
MULTIPART, SAID = "multipart/form-data", "said"
OF_PAGES = {"command_id"}  # what a page brings that has its own place in a request


@cache
def body_of(form: type[forms.Form], *, is_open: bool = False) -> type[BaseModel]:
    """The shape of a form as JSON. `is_open`: it has fields that hang on what it is about."""
    fields: dict[str, Any] = {
        name: _field(field)
        for name, field in form.base_fields.items()
        if name not in OF_PAGES and not _is_file(field)
    }
    tables = getattr(form, "tables", {})
    fields |= {name: _table(name, rows) for name, rows in tables.items()}
    extra: Literal["allow", "forbid"] = "allow" if is_open else "forbid"
    config = ConfigDict(extra=extra, strict=True)
    name = form.__name__.removesuffix("Form")
    made: type[BaseModel] = create_model(name, __config__=config, **fields)
    return made


def _table(name: str, rows: Any) -> tuple[Any, Any]:
    """A table of a page, as a list: all its rows, in their order; one that is left out is gone."""
    said = "整张表：没有写进来的行就删去。"
    most: dict[str, Any] = {"max_length": rows.absolute_max}
    return list[body_of(rows.form)], Field(title=name, description=said, **most)  # type: ignore[misc]


def _is_file(field: forms.Field) -> bool:
    return isinstance(field, forms.FileField) or isinstance(field.widget, forms.FileInput)


@cache
def files_in(form: type[forms.Form]) -> tuple[str, ...]:
    """The names under which a form takes files."""
    return tuple(name for name, field in form.base_fields.items() if _is_file(field))


def _field(field: forms.Field) -> tuple[Any, Any]:
    """A type and what is known of it. What may be chosen only where the case allows it is told by
    the form: it is neither listed nor demanded here."""
    choices = _choices(field)
    hangs = choices is not None and not choices
    kind, limits = _kind(field, choices or [])
    told: dict[str, Any] = {"title": str(field.label or ""), **limits}
    if field.help_text:
        told["description"] = str(field.help_text)
    if field.required and not hangs:
        return kind, Field(**told)
    told.pop("min_length", None)
    return Optional[kind], Field(default=None, **told)  # noqa: UP045 – made at run time


def _choices(field: forms.Field) -> list[str] | None:
    if not isinstance(field, forms.ChoiceField):
        return None
    listed: Any = field.choices
    return [str(value) for value, _label in listed]


def _kind(field: forms.Field, choices: list[str]) -> tuple[Any, dict[str, Any]]:
    if isinstance(field, forms.MultipleChoiceField):
        one = Literal[tuple(choices)] if choices else str
        return list[one], {"max_length": MOST_CHOSEN}  # type: ignore[valid-type]
    if choices:
        return Literal[tuple(choices)], {}
    if isinstance(field, forms.BooleanField):
        return bool, {}
    if isinstance(field, forms.IntegerField):
        return int | str, {}  # ids are strings in JSON: they have 63 bits
    if isinstance(field, forms.DateField):
        return date, {}
    longest = getattr(field, "max_length", None) or LONGEST
    return str, {"min_length": 1, "max_length": longest}


def is_with_files(request: HttpRequest) -> bool:
    return request.content_type == MULTIPART


def read_json(request: HttpRequest, files: Container[str] = ()) -> Any:
    """The body as JSON; of a form with files, its part SAID. `files`: the names that take files.
    Raises NotJson, BodyWrong."""
    try:
        text = _said(request, files) if is_with_files(request) else request.body or b"{}"
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError, MultiPartParserError):
        raise NotJson from None


def _said(request: HttpRequest, files: Container[str]) -> str:
    """The words of a form with files, which has no other parts than those it is told to have."""
    known = [name for name in request.POST if name != SAID]
    known += [name for name in request.FILES if name not in files]
    if known:
        raise BodyWrong(Fault(name[:60], fault_of("extra_forbidden")) for name in known)
    return request.POST.get(SAID, "")


def fingerprint(request: HttpRequest) -> str:
    """What was sent, for telling the same request from another."""
    if not is_with_files(request):
        return request.body.hex()
    parts = [request.POST.get(SAID, "")]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            parts.append(f"{name} {file.name} {digest}")
    return "\n".join(parts)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def faults_in(error: pydantic.ValidationError) -> list[Fault]:
    return [
        Fault(".".join(str(part) for part in one["loc"]), fault_of(one["type"]))
        for one in error.errors(include_url=False, include_input=False)
    ]


def shaped(body: type[BaseModel], said: Any) -> BaseModel:
    """What was said, in the shape that the document names. Raises BodyWrong."""
    try:
        return body.model_validate_json(json.dumps(said))
    except pydantic.ValidationError as error:
        raise BodyWrong(faults_in(error)) from None


def as_typed(
    said: Mapping[str, Any], key: str, tables: Container[str] = ()
) -> MultiValueDict[str, str]:
    """What was said as a page would have sent it: a box that is not ticked is not there."""
    data: MultiValueDict[str, str] = MultiValueDict({"command_id": [key]})
    for name, value in said.items():
        if name == "command_id":  # that is the key of the request
            raise BodyWrong([Fault(name, fault_of("extra_forbidden"))])
        if value is None or value is False:
            continue
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, dict) for one in values) or (values == [] and name in tables):
            _tabled(data, name, values)
        else:
            data.setlist(name, ["on" if one is True else _text(one) for one in values])
    return data


def _tabled(data: MultiValueDict[str, str], name: str, rows: list[Any]) -> None:
    """The rows of a table as its page sends them."""
    count = str(len(rows))
    for part in ("TOTAL_FORMS", "INITIAL_FORMS"):
        data[f"{name}-{part}"] = count
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise BodyWrong([Fault(name, fault_of(""))])
        for column, values in as_typed(row, "").lists():
            data.setlist(f"{name}-{number}-{column}", values)


def _text(value: Any) -> str:
    if not isinstance(value, str | int | date):
        raise BodyWrong([Fault("", fault_of(""))])
    return value.isoformat() if isinstance(value, date) else str(value)


def typed(request: HttpRequest, form: type[forms.Form], key: str, *, is_open: bool = False) -> Any:
    """The body of a request as the data of a form. Raises NotJson, BodyWrong."""
    said = shaped(body_of(form, is_open=is_open), read_json(request, files_in(form)))
    tables = getattr(form, "tables", ())
    return as_typed(said.model_dump(exclude_none=True), key, tables)


def check(form: forms.Form) -> Any:
    """What a form makes of it. Raises BodyWrong with the sentences of the form."""
    if not form.is_valid():
        raise BodyWrong(faults_of(form))
    return form.cleaned_data


def faults_of(form: forms.BaseForm) -> list[Fault]:
    """The sentences of a form, each with its field."""
    return [
        Fault("" if name == NON_FIELD_ERRORS else form.add_prefix(name), str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
