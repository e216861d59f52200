"""Paths of licences."""

from django.urls import path

from mingtang.licences import views

app_name = "licences"
urlpatterns = [
    path("mine/licences/", views.mine, name="mine"),
    path("licences/verify/", views.verify, name="verify"),
    path("licences/verified/<slug:code>/", views.verified, name="verified"),
    path("office/licences/", views.licences, name="list"),
    path("office/licences/<int:licence_id>/", views.licence, name="licence"),
    path("office/licences/<int:licence_id>/<slug:verb>/", views.act, name="act"),
]
