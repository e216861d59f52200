"""Paths of the public section."""

from django.urls import path

from mingtang.disclosure.views import feeds, section

app_name = "openness"
urlpatterns = [
    path("disclosure/", section.home, name="home"),
    path("disclosure/guide/", section.guide, name="guide"),
    path("disclosure/system/", section.system, name="system"),
    path("disclosure/search/", section.search, name="search"),
    path("disclosure/feed.xml", feeds.feed, name="feed"),
    path("disclosure/columns/<slug:key>/", section.column, name="column"),
    path("disclosure/columns/<slug:key>/feed.xml", feeds.column_feed, name="column_feed"),
    path("disclosure/categories/<slug:code>/", section.category, name="category"),
    path("disclosure/organs/<slug:code>/", section.organ, name="organ"),
    path("disclosure/organs/<slug:code>/feed.xml", feeds.organ_feed, name="organ_feed"),
    path("disclosure/items/<str:publication_id>/", section.item, name="item"),
    path("disclosure/items/<str:publication_id>/sheet.pdf", feeds.sheet, name="sheet"),
    path("disclosure/items/<str:publication_id>/files/<str:upload_id>/", feeds.file, name="file"),
]
