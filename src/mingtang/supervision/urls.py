"""Paths of supervision."""

from django.urls import path

from mingtang.supervision.views import boards, card, reports, rulebook, tasks

CARD = "supervision/cards/<int:card_id>/"
TASK = "supervision/tasks/<int:task_id>/"
DIRECTIVE = "supervision/directives/<int:directive_id>/"

app_name = "supervision"
urlpatterns = [
    path("supervision/", boards.board, name="board"),
    path("supervision/cards/", boards.cards, name="cards"),
    path(CARD, card.card, name="card"),
    path(f"{CARD}print/", card.card_paper, name="card_paper"),
    path(f"{CARD}pdf/", card.card_pdf, name="card_pdf"),
    path(f"{CARD}files/<int:upload_id>/", card.evidence, name="evidence"),
    path(f"{CARD}<slug:verb>/", card.act, name="act"),
    path(DIRECTIVE, card.directive_paper, name="directive_paper"),
    path(f"{DIRECTIVE}pdf/", card.directive_pdf, name="directive_pdf"),
    path("supervision/tasks/", tasks.tasks, name="tasks"),
    path("supervision/tasks/new/", tasks.new, name="new_task"),
    path(TASK, tasks.task, name="task"),
    path(f"{TASK}<slug:verb>/", tasks.act, name="task_act"),
    path("supervision/bulletins/", reports.bulletins, name="bulletins"),
    path("supervision/bulletins/<str:month>/", reports.bulletin, name="bulletin"),
    path("supervision/bulletins/<str:month>/pdf/", reports.bulletin_pdf, name="bulletin_pdf"),
    path("supervision/outliers/", reports.outliers, name="outliers"),
    path("supervision/authority/", reports.authority, name="authority"),
    path("supervision/rates/", reports.rates, name="rates"),
    path("supervision/rules/", rulebook.rules, name="rules"),
    path("supervision/rules/switch/", rulebook.switch, name="switch"),
    path("supervision/rules/<str:profile>/<str:code>/", rulebook.rule, name="rule"),
]
