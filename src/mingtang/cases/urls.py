"""Paths of cases; the verb stands at the end."""

from django.urls import path, register_converter

from mingtang.cases import views
from mingtang.cases.rules import Verb


class VerbConverter:
    regex = "|".join(verb.value.replace("_", "-") for verb in Verb)

    def to_python(self, value: str) -> Verb:
        return Verb(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        return str(value).replace("_", "-")


register_converter(VerbConverter, "verb")

app_name = "cases"
urlpatterns = [
    path("items/<str:code>/file/", views.file, name="file"),
    path("progress/", views.progress, name="progress"),
    path("progress/<str:number>/", views.progress_case, name="progress_case"),
    path("filed/<str:number>/", views.filed, name="filed"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("cases/<str:number>/", views.detail, name="detail"),
    path("cases/<str:number>/files/<int:upload_id>/", views.attachment, name="attachment"),
    path("cases/<str:number>/<verb:verb>/", views.act, name="act"),
]
