"""Paths of the exchange."""

from django.urls import path

from mingtang.exchange import views

app_name = "exchange"
urlpatterns = [
    path("office/exchange/", views.batches, name="batches"),
    path("office/exchange/batches/<str:batch_id>/", views.batch, name="batch"),
    path("office/exchange/codes/", views.codes, name="codes"),
    path("office/exchange/codes/<slug:name>/<str:ours>/set/", views.set_code, name="set_code"),
    path("office/exchange/old-cases/", views.old_cases, name="old_cases"),
]
