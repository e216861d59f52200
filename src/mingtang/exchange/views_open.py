"""Views for everyone: open data and their catalogue (DCAT), the site's map, a browser's search."""

import csv
import io
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.web import site_url
from mingtang.exchange.queries.open_data import MOST, SETS, DataSet, data_set

MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SECTIONS = ("site:home", "catalogue:items", "openness:home", "cases:results", "villages:index")
CACHED = "public, max-age=300"


@public
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, as JSON-LD in the words of DCAT."""
    base = site_url(request)
    told = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "dct:license": {"@type": "@id"},
            "dct:publisher": {"@type": "@id"},
            "dcat:downloadURL": {"@type": "@id"},
            "dcat:mediaType": {"@type": "@id"},
        },
        "@id": base + reverse("open_data:catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": f"{settings.MINGTANG_SITE_NAME} 开放数据",
        "dct:description": "本站公开页面上的内容，按表提供下载。",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": settings.MINGTANG_CENTRE_NAME},
        "dct:language": "zh",
        "dct:license": _licence(),
        "dcat:dataset": [_dataset(base, one) for one in SETS.values()],
    }
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    return _kept(answer, "application/ld+json")


def _dataset(base: str, one: DataSet) -> dict[str, Any]:
    return {
        "@id": f"{base}{reverse('open_data:catalogue')}#{one.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": one.name,
        "dct:title": one.title,
        "dct:description": one.about,
        "dcat:keyword": list(one.columns),
        "dct:license": _licence(),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:license": _licence(),
                "dcat:downloadURL": base + reverse("open_data:table", args=[one.name, ending]),
                "dcat:mediaType": MEDIA + kind,
            }
            for ending, kind in KINDS.items()
        ],
    }


def _licence() -> str:
    """As the address that DCAT wants: the setting writes it, or names one of Creative Commons."""
    named: str = settings.MINGTANG_OPEN_DATA_LICENCE
    if not named.startswith("CC-BY"):
        return named
    kind, _, version = named.lower().removeprefix("cc-").rpartition("-")
    return f"https://creativecommons.org/licenses/{kind}/{version}/"


MEDIA = "https://www.iana.org/assignments/media-types/"
KINDS = {"csv": "text/csv", "json": "application/json"}


@public
@require_GET
def table(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """A set of data as CSV (UTF-8 with its mark) or JSON. Raises NotFound."""
    one = data_set(name)
    rows = list(islice(one.rows(today()), MOST))
    if ending == "json":
        listed = [dict(zip(one.columns, row, strict=True)) for row in rows]
        answer: HttpResponse = JsonResponse(
            listed, safe=False, json_dumps_params={"ensure_ascii": False}
        )
        return _kept(answer, KINDS["json"])
    out = io.StringIO()
    csv.writer(out).writerows([one.columns, *(map(guarded, row) for row in rows)])
    answer = HttpResponse("\ufeff" + out.getvalue())
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _kept(answer, f"{KINDS['csv']}; charset=utf-8")


def _kept(answer: HttpResponse, kind: str) -> HttpResponse:
    answer.headers["Content-Type"] = kind
    answer.headers["Cache-Control"] = CACHED
    return answer


@public
@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sections, and the page of every item that is offered."""
    base = site_url(request)
    codes = (row[0] for row in islice(SETS["items"].rows(today()), MOST))
    paths = [*map(reverse, SECTIONS), *(reverse("catalogue:item", args=[one]) for one in codes)]
    lines = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{MAP}">{lines}</urlset>'
    return _kept(HttpResponse(text), "application/xml; charset=utf-8")


@public
@require_GET
def opensearch(request: HttpRequest) -> HttpResponse:
    """By which a browser searches the items from its own address line."""
    found = f"{site_url(request)}{reverse('catalogue:items')}?q={{searchTerms}}"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><OpenSearchDescription xmlns="{SEARCH}">'
        f"<ShortName>{escape(settings.MINGTANG_SITE_NAME[:16])}</ShortName>"
        f"<Description>{escape(settings.MINGTANG_SITE_NAME)}</Description>"
        f'<InputEncoding>UTF-8</InputEncoding><Url type="text/html" template="{escape(found)}"/>'
        "</OpenSearchDescription>"
    )
    return _kept(HttpResponse(text), "application/opensearchdescription+xml; charset=utf-8")
