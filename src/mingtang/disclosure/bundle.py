"""The static bundle: all that is public as files, for a portal or a mirror without a server.

Made beside its place and then put there whole, so that a mirror never serves half of it. The same
data give the same bytes; the manifest holds the SHA-256 of each file.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from mingtang.base.errors import Conflict, DomainError
from mingtang.disclosure import queries
from mingtang.disclosure.atom import atom
from mingtang.disclosure.queries.every import feed_items, public_after
from mingtang.disclosure.queries.public import PublicSought
from mingtang.disclosure.queries.section import Row, rows_of
from mingtang.disclosure.rules.items import Column
from mingtang.disclosure.views.section import page_of
from mingtang.files.rules.uploads import safe_name
from mingtang.files.services import existing
from mingtang.regions import queries as regions

MANIFEST = "manifest.json"
CHUNK = 200
FEED_ENTRIES = 50
STYLE = (
    "body{max-width:60rem;margin:0 auto;padding:1rem;font:1.05rem/1.7 sans-serif;color:#111}"
    "a{color:#0a4f9f}table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;"
    "padding:.3rem .5rem;text-align:left;vertical-align:top}dl{display:grid;"
    "grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0}.fact{display:contents}"
    "@media(max-width:40rem){dl{grid-template-columns:1fr}dt{color:#444}}\n"
)


class NotOurs(Conflict):
    def __init__(self, out: Path) -> None:
        super().__init__(
            f"目录“{out.name}”里有别的文件，没有改动。请换一个空目录，或者上次生成静态镜像的目录。"
        )


@dataclass
class Bundle:
    """What was written: digests by path, and which items are in it."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    item_ids: list[int] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # files that may not leave the house


def make(out: Path, *, site: str, on: date) -> Bundle:
    """Write the bundle in place of an earlier one. Raises NotOurs."""
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise NotOurs(out)
    fresh, old = out.with_name(f"{out.name}.new"), out.with_name(f"{out.name}.old")
    for left in (fresh, old):  # of a run that was cut short
        shutil.rmtree(left, ignore_errors=True)
    fresh.mkdir(parents=True)
    with translation.override(settings.LANGUAGE_CODE):
        made = _Writer(fresh, site, on).write()
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    return made


class _Writer:
    def __init__(self, folder: Path, site: str, on: date) -> None:
        self.folder, self.site, self.on = folder, site, on
        self.made = Bundle()
        self.lists: dict[tuple[Column, int], list[Row]] = defaultdict(list)

    def write(self) -> Bundle:
        self._put("style.css", STYLE.encode())
        for item in self._items():
            self._item(item)
        self._lists()
        feed = atom(
            self.site,
            "政府信息公开",
            feed_items(PublicSought(), FEED_ENTRIES),
            reverse("openness:home"),
            reverse("openness:feed"),
        )
        self._put("feed.xml", feed.encode())
        manifest = {
            "site": settings.MINGTANG_SITE_NAME,
            "made_on": self.on.isoformat(),
            "items": len(self.made.item_ids),
            "files": dict(sorted(self.made.files.items())),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self.folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        return self.made

    def _items(self) -> Iterator[Any]:
        last = 0
        while part := public_after(last, CHUNK):
            names = regions.short_names_of({one.organisation_id for one in part}, self.on)
            for item, row in zip(part, rows_of(part, names), strict=True):
                version = item.published_version
                assert version is not None
                self.lists[Column(version.column), row.public_date.year].append(row)
                yield item
            last = part[-1].id

    def _item(self, item: Any) -> None:
        self.made.item_ids.append(item.id)
        page = page_of(item, self.site, self.on)
        files = [
            {"name": one["name"], "path": path}
            for one in page["attachments"]
            if (path := self._file(item, one))
        ]
        self._page(f"items/{item.id}.html", "disclosure/bundle_item.html", page | {"files": files})

    def _file(self, item: Any, one: dict[str, Any]) -> str:
        """Where an attachment lies in the bundle; blank where it may not leave."""
        try:
            upload = queries.public_file(item.id, int(one["upload_id"]))
            content = existing(upload).read_bytes()
        except DomainError:
            self.made.left_out.append(f"{item.index_number} {one['name']}")
            return ""
        path = f"files/{item.id}/{one['upload_id']}-{safe_name(one['name'])}"
        self._put(path, content)
        return path

    def _lists(self) -> None:
        pages = []
        for (column, year), rows in sorted(self.lists.items(), key=_order):
            path = f"columns/{column.value}-{year}.html"
            ordered = sorted(rows, key=lambda row: (row.public_date, row.id), reverse=True)
            title = f"{column.label} {year} 年"
            self._page(path, "disclosure/bundle_list.html", {"title": title, "rows": ordered})
            pages.append({"title": title, "path": path, "count": len(rows)})
        self._page("index.html", "disclosure/bundle_index.html", {"pages": pages})

    def _page(self, path: str, template: str, context: dict[str, Any]) -> None:
        about = {
            "root": "../" if "/" in path else "",
            "site_name": settings.MINGTANG_SITE_NAME,
            "site_id_code": settings.MINGTANG_SITE_ID_CODE,
            "centre_name": settings.MINGTANG_CENTRE_NAME,
            "site": self.site,
        }
        self._put(path, render_to_string(template, context | about).encode())

    def _put(self, path: str, content: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.made.files[path] = {"sha256": digest, "size": len(content)}


def _order(pair: tuple[tuple[Column, int], list[Row]]) -> tuple[int, int]:
    column, year = pair[0]
    return list(Column).index(column), -year


def broken(out: Path) -> list[str]:
    """Files of a bundle that are not what its manifest says."""
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    return [
        path
        for path, told in manifest["files"].items()
        if not (out / path).is_file()
        or hashlib.sha256((out / path).read_bytes()).hexdigest() != told["sha256"]
    ]
