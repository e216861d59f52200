"""Paths of agents and of intermediary services."""

from django.urls import path

from mingtang.projects.views import agent_filing, agents, intermediaries, owners, project_agents

LETTER = "agents/letters/<int:letter_id>/"
OF_PROJECT = "projects/<int:project_id>/agents/"
FIRM = "intermediaries/<int:intermediary_id>/"

app_name = "agents"
urlpatterns = [
    path("agents/desk/", agents.desk, name="desk"),
    path("agents/board/", agents.board, name="board"),
    path("agents/mine/", owners.mine, name="mine"),
    path("agents/mine/<slug:what>/<int:subject_id>/rate/", owners.rate, name="owner_rate"),
    path(LETTER, agents.letter, name="letter"),
    path(f"{LETTER}papers/<int:document_id>/", agents.document, name="document"),
    path(f"{LETTER}papers/<int:document_id>/pdf/", agents.document_pdf, name="document_pdf"),
    path(f"{LETTER}file/", agent_filing.file, name="file"),
    path(f"{LETTER}<slug:verb>/", agents.act, name="act"),
    path(OF_PROJECT, project_agents.of_project, name="of_project"),
    path(f"{OF_PROJECT}<slug:verb>/", project_agents.project_act, name="project_act"),
    path(
        "engagements/<int:engagement_id>/<slug:verb>/",
        project_agents.engagement_act,
        name="engagement_act",
    ),
    path("intermediaries/", intermediaries.directory, name="directory"),
    path("intermediaries/register/", intermediaries.register, name="register"),
    path("intermediaries/register/add/", intermediaries.register_firm, name="register_firm"),
    path(FIRM, intermediaries.firm, name="firm"),
    path(f"{FIRM}<slug:verb>/", intermediaries.firm_act, name="firm_act"),
]
