"""Paths of personal data."""

from django.urls import path

from mingtang.persons import views

app_name = "persons"
urlpatterns = [
    path("reveal/<slug:kind>/<int:key>/", views.reveal, name="reveal"),
    path("office/reveals/", views.reveals, name="reveals"),
]
