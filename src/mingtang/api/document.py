"""The document of the interface: what ninja knows of it, with what the forms take and refuse."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from ninja.openapi.schema import get_schema
from pydantic import BaseModel

from mingtang.api.bodies import MULTIPART, SAID
from mingtang.api.doors import Door
from mingtang.api.interface import PROBLEM, api
from mingtang.api.rules import FIELDS, FIELDS_LONGEST
from mingtang.api.shapes import Problem
from mingtang.api.verbs import Verb

ROOT = "/api/v1"
Told = dict[str, Any]
PROBLEMS = {
    "description": "没有办成：detail 说明原因和怎么更正",
    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
NOT_MODIFIED = {"description": "和上次取的一样"}
PICK = {
    "name": FIELDS,
    "in": "query",
    "schema": {"type": "string", "title": "只要哪些字段", "maxLength": FIELDS_LONGEST},
    "description": "字段名，用逗号分开；不写就全要。",
}
SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    "system": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": f"{ROOT}/token", "scopes": {}}},
    },
}


@cache
def document() -> Told:
    with translation.override(settings.LANGUAGE_CODE):  # whoever asks first
        made: Told = dict(get_schema(api=api, path_prefix=f"{ROOT}/"))
        made["paths"] = _paths(made["paths"])
    schemas = made["components"].setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs"), "Problem": problem}
    for schema in schemas.values():
        schema.pop("required", None)  # who picks fields gets no others
    made["components"]["securitySchemes"] = SECURITY
    return made


def _paths(paths: Told) -> Told:
    """Each path with its operations; one that ends in a verb becomes one for each of them."""
    found: Told = {}
    for path, operations in paths.items():
        for method, operation in operations.items():
            verbs = _complete(method, operation)
            if verbs is None:
                found.setdefault(path, {})[method] = operation
                continue
            for verb in verbs():
                own = f"{path.rpartition('/')[0]}/{verb.name}"
                found.setdefault(own, {})[method] = _with_verb(path, operation, verb)
    return found


def _complete(method: str, operation: Told) -> Any:
    """Who may, what is sent, what is answered when it is not done. Returns its verbs, if any."""
    door: Door = operation.pop("x-door")
    body, verbs = operation.pop("x-body", None), operation.pop("x-verbs", None)
    files = operation.pop("x-files", ())
    operation.pop("description", None)  # what we tell each other in the code
    operation["security"] = [{"session": []}, {"system": []}]
    if not door.policy.needs_sign_in:
        operation["security"].append({})
    operation["responses"] = {str(code): said for code, said in operation["responses"].items()}
    operation["responses"]["default"] = PROBLEMS
    if method == "get":
        operation["parameters"] = [*operation["parameters"], PICK]
        operation["responses"]["304"] = NOT_MODIFIED
    if body is not None:
        operation["requestBody"] = _sent(body(), files)
    return verbs


def _sent(body: type[BaseModel], files: tuple[str, ...] = ()) -> Told:
    schema = _inlined(body.model_json_schema(ref_template="#/components/schemas/{model}"))
    content = {"application/json": {"schema": schema}}
    if files:
        content[MULTIPART] = {"schema": _with_files(schema, files)}
    return {"required": True, "content": content}


def _with_files(schema: Told, files: tuple[str, ...]) -> Told:
    """The words as one part, in JSON; files as others, several under one name."""
    words = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    each = {"type": "array", "items": {"type": "string", "format": "binary"}}
    return {
        "type": "object",
        "required": [SAID],
        "properties": {SAID: words, **dict.fromkeys(files, each)},
        "additionalProperties": False,
    }


def _inlined(schema: Told) -> Told:
    """With the shapes that it names in it: they are used nowhere else."""
    named = schema.pop("$defs", {})

    def put(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return put(named[part["$ref"].rpartition("/")[2]])
            return {key: put(value) for key, value in part.items()}
        return [put(one) for one in part] if isinstance(part, list) else part

    found: Told = put(schema)
    return found


def _with_verb(path: str, operation: Told, verb: Verb) -> Told:
    """The operation as it is for one verb: its own words and body."""
    name = path.rpartition("/")[2].strip("{}")
    made = {
        **operation,
        "operationId": f"{operation['operationId']}_{verb.name}",
        "summary": verb.label,
        "parameters": [one for one in operation["parameters"] if one["name"] != name],
        "requestBody": _sent(verb.body, verb.files),
    }
    return {**made, "description": verb.law} if verb.law else made


# ── to read ───────────────────────────────────────────────────────────────────────────────────


def chapters(told: Told) -> list[Told]:
    """The operations by what they are about, in the words of the document."""
    found: dict[str, list[Told]] = {}
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            line = _line(path, method, operation, told["components"]["schemas"])
            found.setdefault(operation["tags"][0], []).append(line)
    return [{"title": title, "operations": lines} for title, lines in found.items()]


def _line(path: str, method: str, operation: Told, schemas: Told) -> Told:
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "text": operation.get("description", ""),
        "is_open": {} in operation["security"],
        "parameters": [
            {
                **_kind(one["schema"]),
                "name": one["name"],
                "where": one["in"],
                "is_required": one.get("required", False),
                "text": one.get("description") or one["schema"].get("description", ""),
            }
            for one in operation["parameters"]
        ],
        "sent": _fields(sent.get("schema", {}), schemas),
        "answer": _fields(answer, schemas),
    }


def _fields(schema: Told, schemas: Told) -> list[Told]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if (row := schema.get("properties", {}).get("rows", {}).get("items", {})) and "$ref" in row:
        return _fields(row, schemas)  # of a page each row is told
    required = schema.get("required", [])
    return [
        {
            **_kind(one),
            "name": name,
            "is_required": name in required,
            "title": _chinese(one.get("title", "")),
            "text": one.get("description") or "",
        }
        for name, one in schema.get("properties", {}).items()
    ]


def _chinese(title: str) -> str:
    """A label of a form; what the checker of shapes makes of a name says nothing more."""
    return "" if title.isascii() else title


def _kind(schema: Told) -> Told:
    parts = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    words = [KINDS.get(one.get("type", ""), "对象") for one in parts]
    choices = [str(value) for one in parts for value in one.get("enum", []) if value]
    return {"kind": "或".join(dict.fromkeys(words)), "choices": choices}


KINDS = {
    "string": "文字",
    "integer": "整数",
    "boolean": "是否",
    "array": "列表",
    "object": "对象",
    "number": "数",
}
