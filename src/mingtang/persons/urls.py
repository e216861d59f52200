"""Paths of personal data."""

from django.urls import path

from mingtang.persons import views

app_name = "persons"
urlpatterns = [
    path("account/data/", views.own, name="own"),
    path("account/data/copy/", views.own_copy, name="own_copy"),
    path("account/data/erase/", views.erasure, name="erasure"),
    path("reveal/<slug:kind>/<int:key>/", views.reveal, name="reveal"),
    path("office/reveals/", views.reveals, name="reveals"),
    path("office/personal/", views.data_requests, name="data_requests"),
    path("office/personal/hold/", views.hold, name="hold"),
    path("office/personal/<int:request_id>/", views.decide, name="decide"),
    path("office/personal/<int:request_id>/copy/", views.copy_for, name="copy_for"),
]
