"""Paths of interaction; they stand under those of the case they are about."""

from django.urls import path

import mingtang.cases.urls  # noqa: F401 – knows what a number in an address looks like
from mingtang.interaction import views

app_name = "interaction"
urlpatterns = [
    path("progress/<code:number>/rate/", views.rate, name="rate"),
    path("cases/<code:number>/ratings/", views.ratings, name="ratings"),
]
