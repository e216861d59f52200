"""Paths of the editor of routes, below /joint/routes/."""

from django.urls import path

from mingtang.joint.editor import views

app_name = "routes"
urlpatterns = [
    path("", views.route_list, name="list"),
    path("new/", views.route_new, name="new"),
    path("<slug:code>/", views.route_page, name="route"),
    path("<slug:code>/edit/", views.edit, name="edit"),
    path("<slug:code>/import/", views.bpmn_import, name="import"),
    path("<slug:code>/editions/", views.editions, name="editions"),
    path("<slug:code>/history/", views.history, name="history"),
    path("<slug:code>/bpmn/", views.download, name="bpmn"),
    path("<slug:code>/act/<slug:verb>/", views.act, name="act"),
]
