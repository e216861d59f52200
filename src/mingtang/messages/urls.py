"""Paths of messages."""

from django.urls import path

from mingtang.messages import views

WHICH = "office/messages/templates/<str:event>/<slug:audience>/"

app_name = "messages"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/<str:message_id>/", views.message, name="message"),
    path("office/messages/templates/", views.templates, name="templates"),
    path(WHICH, views.template, name="template"),
    path(f"{WHICH}reset/", views.template_reset, name="template_reset"),
]
