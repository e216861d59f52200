"""Paths of the catalogue."""

from django.urls import path

from mingtang.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/<str:code>/", views.item, name="item"),
]
