"""Paths of cases; the verb stands at the end."""

from django.urls import path, register_converter

from mingtang.cases import views
from mingtang.cases.rules import Verb


class CodeConverter:
    """Case numbers and item codes as they may stand in an address: one line of visible text."""

    regex = r"[^/\x00-\x1f\x7f]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class VerbConverter:
    regex = "|".join(verb.value.replace("_", "-") for verb in Verb)

    def to_python(self, value: str) -> Verb:
        return Verb(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        return str(value).replace("_", "-")


register_converter(VerbConverter, "verb")
register_converter(CodeConverter, "code")

app_name = "cases"
urlpatterns = [
    path("items/<code:code>/file/", views.file, name="file"),
    path("progress/", views.progress, name="progress"),
    path("progress/<code:number>/", views.progress_case, name="progress_case"),
    path("filed/<code:number>/", views.filed, name="filed"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("cases/<code:number>/", views.detail, name="detail"),
    path("cases/<code:number>/files/<int:upload_id>/", views.attachment, name="attachment"),
    path("cases/<code:number>/<verb:verb>/", views.act, name="act"),
]
