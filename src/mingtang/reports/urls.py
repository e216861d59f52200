"""Paths of reports."""

from django.urls import path

from mingtang.reports import views

ONE = "reports/<int:edition_id>/"

app_name = "reports"
urlpatterns = [
    path("reports/", views.index, name="index"),
    path(ONE, views.edition, name="edition"),
    path(f"{ONE}work/", views.work, name="work"),
    path(f"{ONE}archive/", views.archive, name="archive"),
    path(f"{ONE}rows/<str:key>/", views.rows, name="rows"),
    path(f"{ONE}file.<slug:form>", views.download, name="download"),
    path(f"{ONE}do/<slug:verb>/", views.act, name="act"),
]
