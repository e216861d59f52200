"""A checker of XES by the rules of IEEE 1849-2016, written from the schema by hand: the official
XSD is not at hand here. It knows all elements and attributes that a log may have, their order and
types; of what extensions define, the four that we use."""

import re
from datetime import datetime
from xml.etree import ElementTree as ET

NS = "{http://www.xes-standard.org/}"
NAME = re.compile(r"[^\W\d][\w.\-:]*")
NC_NAME = re.compile(r"[^\W\d][\w.\-]*")
DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?")
DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
VALUES = {
    "string": re.compile(r".*", re.DOTALL),
    "date": DATE_TIME,
    "int": re.compile(r"[+-]?\d+"),
    "float": re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|INF|NaN)"),
    "boolean": re.compile(r"true|false|0|1"),
    "id": re.compile(r".*", re.DOTALL),
}
ATTRIBUTES = {*VALUES, "list"}
# element: its XML attributes with their forms (True: required), and its children in order
FORMS = {
    "extension": {"name": (NC_NAME, True), "prefix": (NC_NAME, True), "uri": (None, True)},
    "global": {"scope": (NC_NAME, False)},
    "classifier": {"name": (NC_NAME, True), "scope": (NC_NAME, False), "keys": (None, True)},
    "trace": {},
    "event": {},
}
ORDER = {
    "log": ["extension", "global", "classifier", "*", "trace", "event"],
    "trace": ["*", "event"],
    "event": ["*"],
    "global": ["*"],
    "extension": [],
    "classifier": [],
}


def faults(text: str) -> list[str]:
    """What is wrong with a log; nothing if it is valid."""
    root = ET.fromstring(text)
    found = [] if root.tag == f"{NS}log" else ["the root is no log"]
    if not DECIMAL.fullmatch(root.get("xes.version", "")):
        found.append("xes.version is no decimal")
    found += [f"log has {name}" for name in set(root.attrib) - {"xes.version", "xes.features"}]
    return found + _inside("log", root) + _promises(root)


def _inside(kind: str, element: ET.Element) -> list[str]:
    found, place = [], 0
    order = ORDER[kind]
    for child in element:
        tag = child.tag.removeprefix(NS)
        slot = "*" if tag in ATTRIBUTES else tag
        if slot not in order[place:]:
            found.append(f"{tag} does not belong here in {kind}")
            continue
        place += order[place:].index(slot)
        found += _attribute(child, tag) if slot == "*" else _element(child, tag)
    return found


def _element(element: ET.Element, tag: str) -> list[str]:
    forms = FORMS[tag]
    found = [f"{tag} has {name}" for name in set(element.attrib) - forms.keys()]
    for name, (form, is_required) in forms.items():
        value = element.get(name)
        if value is None:
            found += [f"{tag} lacks {name}"] if is_required else []
        elif form and not form.fullmatch(value):
            found.append(f"{tag} {name}={value}")
    return found + _inside(tag, element)


def _attribute(element: ET.Element, tag: str) -> list[str]:
    key, value = element.get("key", ""), element.get("value")
    found = [] if NAME.fullmatch(key) else [f"key {key!r}"]
    if value is None or not VALUES[tag].fullmatch(value):
        found.append(f"{key}={value!r} is no {tag}")
    return found + [f for child in element for f in _attribute(child, child.tag.removeprefix(NS))]


def _promises(root: ET.Element) -> list[str]:
    """What a global attribute promises is in each; classifiers and prefixes are declared."""
    found = []
    prefixes = {one.get("prefix") for one in root.iter(f"{NS}extension")}
    for scope in ("trace", "event"):
        kept = root.find(f"{NS}global[@scope='{scope}']")
        promised = {one.get("key") for one in kept} if kept is not None else set()
        for element in root.iter(f"{NS}{scope}"):
            keys = [one.get("key") for one in element if one.get("key")]
            found += [f"{scope} lacks {key}" for key in promised - set(keys)]
            found += [f"{scope} has {key} twice" for key in keys if keys.count(key) > 1]
            found += [
                f"{key}: no extension"
                for key in keys
                if ":" in key and key.partition(":")[0] not in prefixes
            ]
        for one in root.iter(f"{NS}classifier"):
            if one.get("scope") == scope:
                found += [f"classifier: {k}" for k in one.get("keys").split() if k not in promised]
    return found


def events(text: str) -> list[tuple[str, str, datetime, str]]:
    """Case, activity, time and resource of each event, trace by trace."""
    return [
        (_value(trace, "concept:name"), _value(event, "concept:name"),
         datetime.fromisoformat(_value(event, "time:timestamp")), _value(event, "org:resource"))
        for trace in ET.fromstring(text).iter(f"{NS}trace")
        for event in trace.iter(f"{NS}event")
    ]  # fmt: skip


def _value(element: ET.Element, key: str) -> str:
    found = next(one for one in element if one.get("key") == key)
    return str(found.get("value"))
