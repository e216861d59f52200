"""Paths of bottlenecks."""

from django.urls import path

from mingtang.bottlenecks import views

app_name = "bottlenecks"
urlpatterns = [
    path("office/bottlenecks/", views.board, name="board"),
    path("office/bottlenecks/node/", views.node, name="node"),
    path("office/bottlenecks/what-if/", views.what_if, name="what_if"),
]
