"""Paths of open data."""

from django.urls import path, re_path

from mingtang.exchange import views_calendar, views_open

app_name = "open_data"
urlpatterns = [
    path("open-data/", views_open.catalogue, name="catalogue"),
    re_path(
        r"^open-data/(?P<name>[a-z]{1,20})\.(?P<ending>csv|json)$", views_open.table, name="table"
    ),
    path("sitemap.xml", views_open.sitemap, name="sitemap"),
    path("opensearch.xml", views_open.opensearch, name="opensearch"),
    path("calendar.ics", views_calendar.open_days, name="calendar"),
]
