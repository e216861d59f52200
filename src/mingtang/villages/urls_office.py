"""Paths of those who write, examine and watch over villages' disclosures."""

from django.urls import path

from mingtang.villages.views import desk, settings, work

ONE = "villages/office/<int:disclosure_id>/"

app_name = "village_office"
urlpatterns = [
    path("villages/office/", desk.desk, name="desk"),
    path("villages/office/overview/", desk.overview, name="overview"),
    path("villages/office/together/", desk.together, name="together"),
    path("villages/office/settings/", settings.settings, name="settings"),
    path("villages/office/settings/<slug:verb>/", settings.act, name="settings_act"),
    path("villages/office/people/<str:code>/", settings.people, name="people"),
    path("villages/office/people/<str:code>/kinship/", settings.kinship, name="kinship"),
    path(
        "villages/office/people/<str:code>/kinship/<int:kinship_id>/end/",
        settings.end_kinship,
        name="end_kinship",
    ),
    path("villages/office/people/<str:code>/seat/", settings.seat, name="seat"),
    path(
        "villages/office/people/<str:code>/members/<int:member_id>/end/",
        settings.unseat,
        name="unseat",
    ),
    path("villages/office/limits/<str:code>/", settings.own_limits, name="own_limits"),
    path(
        "villages/office/limits/<str:code>/<int:limit_id>/<slug:verb>/",
        settings.limit_act,
        name="limit_act",
    ),
    path("villages/office/new/<str:code>/", work.new, name="new"),
    path("villages/office/objections/<int:objection_id>/", work.objection, name="objection"),
    path(ONE, work.work, name="work"),
    path(f"{ONE}preview/", work.preview, name="preview"),
    path(f"{ONE}lines/", work.line, name="line"),
    path(f"{ONE}lines/<int:line_id>/drop/", work.drop_line, name="drop_line"),
    path(f"{ONE}import/", work.import_lines, name="import"),
    path(f"{ONE}paper/", work.paper, name="paper"),
    path(f"{ONE}receipts/<int:upload_id>/", work.receipt, name="receipt"),
    path(f"{ONE}do/<slug:verb>/", work.act, name="act"),
]
