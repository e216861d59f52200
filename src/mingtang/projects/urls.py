"""Paths of the library of major projects."""

from django.urls import path

from mingtang.projects.views import library, programmes, project

PROJECT = "projects/<int:project_id>/"

app_name = "projects"
urlpatterns = [
    path("projects/", library.library, name="library"),
    path("projects/export.csv", library.export, name="export"),
    path("projects/sheet/", library.sheet, name="sheet"),
    path("projects/sheet.pdf", library.sheet_pdf, name="sheet_pdf"),
    path("projects/open/", library.open_list, name="open"),
    path("projects/new/", project.new, name="new"),
    path("projects/programmes/", programmes.programmes, name="programmes"),
    path("projects/programmes/<int:programme_id>/", programmes.programme, name="programme"),
    path(
        "projects/programmes/<int:programme_id>/<slug:verb>/",
        programmes.programme_act,
        name="programme_act",
    ),
    path(PROJECT, project.project, name="project"),
    path(f"{PROJECT}edit/", project.edit, name="edit"),
    path(f"{PROJECT}do/<slug:verb>/", project.act, name="act"),
    path(f"{PROJECT}nodes/<int:node_id>/", project.node, name="node"),
    path(f"{PROJECT}files/<int:upload_id>/", project.file, name="file"),
    path(f"{PROJECT}files/<int:upload_id>/small/", project.thumbnail, name="thumbnail"),
    # Paths of agents and of intermediary services stand in urls_agents.py.
]
