"""A page for the browser tests of `upload.js`: one form with a file input, nothing around it.

`serve` serves it, with the house around it, from MINGTANG_HOME.
"""

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.html import format_html, format_html_join

from mingtang.accounts.policy import public
from mingtang.base.clock import now
from mingtang.files.forms import files_of, upload_attributes
from mingtang.files.services import upload_ticket
from mingtang.site import urls as site

SUBJECT = "filing:7"
PAGE = """<!doctype html><html lang="zh-hans"><head><meta charset="utf-8"><title>上传</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/base/app.css">
<script type="module" src="/static/base/upload.js"></script></head>
<body><main class="wrap page"><h1>上传材料</h1><form class="card form" method="post" action="/try/"
enctype="multipart/form-data"><input type="hidden" name="csrfmiddlewaretoken" value="{}">
<div class="field"><label class="field__label" for="f">取水口位置图</label>
<input id="f" type="file" name="map" required {} {}></div>
<div class="buttons"><button class="button button--primary">提交</button></div></form></main></body>
</html>"""


@public
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        kept = files_of(request, "map", subject=SUBJECT, at=now(), command_id="1" * 32)
        said = [[one.original_name, one.sha256, one.size_bytes] for one in kept]
        return JsonResponse({"kept": said, "whole": len(request.FILES.getlist("map"))})
    attributes = upload_attributes(upload_ticket(SUBJECT, at=now()))
    told = format_html_join(" ", '{}="{}"', attributes.items())
    several = "multiple" if "several" in request.GET else ""
    return HttpResponse(format_html(PAGE, get_token(request), told, several))


urlpatterns = [path("try/", page), *site.urlpatterns]
handler400, handler403, handler404 = site.handler400, site.handler403, site.handler404


def serve(port: int) -> None:
    settings.ROOT_URLCONF = "tests.e2e.upload_page"
    call_command("migrate", "base", verbosity=0)
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    server.serve_forever()
