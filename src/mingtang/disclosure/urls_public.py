"""Paths of the public section, and of the pages that keep it in order."""

from django.urls import path

from mingtang.disclosure.views import feeds, keeping, section

STANDARD = "disclosure/office/standard/"
CHECKS = "disclosure/office/checks/"

app_name = "openness"
urlpatterns = [
    path("disclosure/", section.home, name="home"),
    path("disclosure/guide/", section.guide, name="guide"),
    path("disclosure/system/", section.system, name="system"),
    path("disclosure/reports/", section.reports, name="reports"),
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
    path(STANDARD, keeping.catalogue_page, name="standard"),
    path(f"{STANDARD}import/", keeping.catalogue_import, name="standard_import"),
    path(f"{STANDARD}export/<slug:ending>/", keeping.catalogue_export, name="standard_export"),
    path(f"{STANDARD}<str:entry_id>/link/", keeping.catalogue_link, name="standard_link"),
    path(
        f"{STANDARD}<str:entry_id>/unlink/<str:publication_id>/",
        keeping.catalogue_unlink,
        name="standard_unlink",
    ),
    path(CHECKS, keeping.check_page, name="checks"),
    path(f"{CHECKS}now/", keeping.check_now, name="check_now"),
]
