"""What software an installation is made of, as a bill of materials in CycloneDX 1.6 (JSON).

Read from what is installed, not from what was asked for: when a hole is published, this answers
whether it concerns us. Libraries that a wheel carries inside itself are not listed.
"""

import json
import platform
import re
import sqlite3
import ssl
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import mingtang.base

OURS = "mingtang"
OF_ITS_MAKERS = {"test", "dev"}  # extras that run in no city
VENDORED = Path(mingtang.base.__file__).parent / "static" / "base" / "vendor"
REQUIRED = re.compile(r"([\w.-]+)\s*(?:\[([^]]*)\])?")
EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
CLASSIFIED = "License :: "
WORDS = 80  # longer ones are the licence itself, not its name


def bill() -> dict[str, Any]:
    """The document. Raises PackageNotFoundError where the program itself is not installed."""
    needs: dict[str, list[str]] = {}
    found = {reference(one): one for one in _installed(needs)}
    ours = found.pop(reference(distribution(OURS)))
    others = [_vendored(entry) for entry in json.loads((VENDORED / "vendor.json").read_text())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(ours, "application")},
        "components": [
            *(_component(one) for _, one in sorted(found.items())),
            *others,
            *_beneath(),
        ],
        "dependencies": [{"ref": ref, "dependsOn": on} for ref, on in sorted(needs.items())],
    }


def named(name: str) -> str:
    """How a package's name is compared: `Django_Ninja` and `django-ninja` are one (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def reference(one: Distribution) -> str:
    """The package address: purl of type pypi."""
    return f"pkg:pypi/{named(one.name)}@{one.version}"


def _installed(needs: dict[str, list[str]]) -> Iterator[Distribution]:
    """The program and whatever of its needs is installed, each once; `needs` tells of whom."""
    ours = distribution(OURS)
    extras = set(ours.metadata.get_all("Provides-Extra") or ()) - OF_ITS_MAKERS
    asked, seen = [(ours, frozenset(extras))], set()
    while asked:
        one, extras_asked = asked.pop()
        ref = reference(one)
        if (ref, extras_asked) in seen:
            continue
        seen.add((ref, extras_asked))
        if ref not in needs:
            yield one
        needed = list(_needed(one, extras_asked))
        needs[ref] = sorted({*needs.get(ref, ()), *(reference(other) for other, _ in needed)})
        asked += needed


def _needed(
    one: Distribution, extras: frozenset[str]
) -> Iterator[tuple[Distribution, frozenset[str]]]:
    """What it asks for and is there; what other systems or versions ask for is not."""
    for line in one.requires or ():
        asked, _, marker = line.partition(";")
        extra = EXTRA.search(marker)
        if extra and extra[1] not in extras:
            continue
        match = REQUIRED.match(asked)
        if match is None:
            continue
        try:
            found = distribution(match[1])
        except PackageNotFoundError:
            continue
        yield found, frozenset(re.findall(r"[\w.-]+", match[2] or ""))


def _component(one: Distribution, kind: str = "library") -> dict[str, Any]:
    ref = reference(one)
    said = {"type": kind, "bom-ref": ref, "name": one.name, "version": one.version, "purl": ref}
    return said | _licences(one)


def _licences(one: Distribution) -> dict[str, Any]:
    if expression := _first(one, "License-Expression"):
        return {"licenses": [{"expression": expression}]}
    classified = [
        line.rpartition(" :: ")[2]
        for line in one.metadata.get_all("Classifier") or ()
        if line.startswith(CLASSIFIED)
    ]
    written = _first(one, "License").strip()
    names = classified or ([written] if 0 < len(written) <= WORDS else [])
    return {"licenses": [{"license": {"name": name}} for name in names]} if names else {}


def _first(one: Distribution, field: str) -> str:
    return next(iter(one.metadata.get_all(field) or ()), "")


def _vendored(entry: dict[str, str]) -> dict[str, Any]:
    ref = f"pkg:npm/{entry['name']}@{entry['version']}"
    return {
        "type": "library",
        "bom-ref": ref,
        "purl": ref,
        "name": entry["name"],
        "version": entry["version"],
        "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
        "licenses": [{"expression": entry["licence"]}],
    }


def _beneath() -> Iterator[dict[str, Any]]:
    """What Python itself brings along and holes are found in most."""
    openssl = ssl.OPENSSL_VERSION.split()[1]
    for name, version in (
        (platform.python_implementation(), platform.python_version()),
        ("OpenSSL", openssl),
        ("SQLite", sqlite3.sqlite_version),
    ):
        ref = f"pkg:generic/{name.lower()}@{version}"
        said = {"type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref}
        yield said
