"""Rules: from a schema to a form. The schema is a subset of JSON Schema, described in
docs/forms.md; all that is wrong with one is told at once, each with its place. Pure."""

from typing import Any

from mingtang.base.errors import DomainError
from mingtang.questions.rules.compiling.reading import Reader
from mingtang.questions.rules.compiling.words import Schema
from mingtang.questions.rules.form import Form


class SchemaInvalid(DomainError):
    """A schema that is no form; `sentences` says all that is wrong, `placed` with the path of the
    section or question where it stands, "" for the whole form."""

    def __init__(self, placed: list[tuple[str, str]]) -> None:
        self.placed = placed
        self.sentences = [sentence for _path, sentence in placed]
        super().__init__("申请表有错：" + "".join(self.sentences))


def compiled(schema: Schema) -> Form:
    """The form of a schema. Raises SchemaInvalid with every fault."""
    reader = Reader()
    form = reader.form(schema)
    if reader.faults:
        raise SchemaInvalid(reader.faults)
    return form


def faults_of(schema: Any) -> list[str]:
    """Why a schema is no form, all of it, as sentences; none for a good one."""
    try:
        compiled(schema)
    except SchemaInvalid as error:
        return error.sentences
    return []
