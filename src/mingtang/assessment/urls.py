"""Paths of assessment."""

from django.urls import path

from mingtang.assessment.views import observations, schemes, sheets

SCHEME = "assessment/schemes/<slug:code>/<int:version>/"

app_name = "assessment"
urlpatterns = [
    path("assessment/", sheets.rounds, name="rounds"),
    path("assessment/observations/", observations.observations, name="observations"),
    path("assessment/observations/observe/", observations.observe, name="observe"),
    path("assessment/observations/import/", observations.import_, name="import"),
    path(
        "assessment/observations/<str:observation_id>/confirm/",
        observations.confirm,
        name="confirm_observation",
    ),
    path("assessment/schemes/", schemes.schemes, name="schemes"),
    path("assessment/schemes/import/", schemes.import_, name="import_scheme"),
    path("assessment/schemes/examples/", schemes.load_examples, name="load_examples"),
    path(SCHEME, schemes.scheme, name="scheme"),
    path(f"{SCHEME}switch/", schemes.switch, name="switch"),
    path(f"{SCHEME}export/", schemes.export, name="export"),
    path("assessment/sheets/<str:sheet_id>/", sheets.sheet, name="sheet"),
    path("assessment/sheets/<str:sheet_id>/enter/", sheets.enter, name="enter"),
    path("assessment/sheets/<str:sheet_id>/red-flag/", sheets.red_flag, name="red_flag"),
    path("assessment/sheets/<str:sheet_id>/files/<str:upload_id>/", sheets.file, name="file"),
    path("assessment/sheets/<str:sheet_id>/object/", sheets.object_to, name="object"),
    path(
        "assessment/sheets/<str:sheet_id>/entries/<str:entry_id>/confirm/",
        sheets.confirm,
        name="confirm",
    ),
    path(
        "assessment/sheets/<str:sheet_id>/objections/<str:objection_id>/answer/",
        sheets.answer,
        name="answer",
    ),
    path("assessment/sheets/<str:sheet_id>/lines/<str:key>/", sheets.line, name="line"),
    path("assessment/rounds/<slug:code>/<str:period>/", sheets.round_, name="round"),
    path("assessment/rounds/<slug:code>/<str:period>/<slug:act>/", sheets.round_act, name="act"),
]
