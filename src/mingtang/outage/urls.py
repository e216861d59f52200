"""Paths of paper receipts."""

from django.urls import path

from mingtang.outage import views

LIST = "desk/paper-receipts/"
ONE = f"{LIST}<int:receipt_id>/"

app_name = "outage"
urlpatterns = [
    path(LIST, views.receipts, name="receipts"),
    path(ONE, views.receipt, name="receipt"),
    path(f"{ONE}scan/", views.scan, name="scan"),
    path(f"{ONE}confirm/", views.confirm, name="confirm"),
    path(f"{ONE}refuse/", views.refuse, name="refuse"),
]
