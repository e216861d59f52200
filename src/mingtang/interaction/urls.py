"""Paths of interaction: under those of the case they are about, of the desk, of everyone."""

from django.urls import path

import mingtang.cases.urls  # noqa: F401 – knows what a number in an address looks like
from mingtang.interaction import views

app_name = "interaction"
urlpatterns = [
    path("progress/<code:number>/rate/", views.rate, name="rate"),
    path("progress/<code:number>/rate/correct/", views.correct, name="correct"),
    path("progress/<code:number>/rate/again/", views.rerate, name="rerate"),
    path("rate/<str:token>/", views.by_token, name="by_token"),
    path("rate/<str:token>/qr.svg", views.token_qr, name="token_qr"),
    path("device/prompt/", views.prompt, name="prompt"),
    path("cases/<code:number>/rating-slip/", views.slip, name="slip"),
    path("desk/ratings/", views.rates, name="rates"),
    path("desk/ratings/call/", views.call, name="call"),
    path("desk/ratings/<int:rating_id>/publish/", views.publish, name="publish"),
    path("desk/bad-ratings/", views.bad_ratings, name="bad_ratings"),
    path("desk/bad-ratings/<int:ticket_id>/", views.bad_rating, name="bad_rating"),
    path(
        "desk/bad-ratings/<int:ticket_id>/<slug:verb>/",
        views.act_on_bad_rating,
        name="act_on_bad_rating",
    ),
    path("satisfaction/", views.satisfaction, name="satisfaction"),
    path("satisfaction/<int:unit_id>/", views.words, name="words"),
]
