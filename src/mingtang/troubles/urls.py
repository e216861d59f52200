"""Paths of troubles and trainings."""

from django.urls import path

from mingtang.troubles import views, views_training

app_name = "troubles"
urlpatterns = [
    path("office/troubles/", views.troubles, name="list"),
    path("office/troubles/export.csv", views.export, name="export"),
    path("office/troubles/new/", views.new, name="new"),
    path("office/troubles/<int:trouble_id>/", views.trouble, name="trouble"),
    path("office/troubles/<int:trouble_id>/<slug:verb>/", views.act, name="act"),
    path("office/trainings/", views_training.courses, name="courses"),
    path("office/trainings/<int:course_id>/", views_training.course, name="course"),
]
