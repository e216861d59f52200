"""Paths of messages."""

from django.urls import path

from mingtang.messages import views

WHICH = "office/messages/templates/<str:event>/<slug:audience>/"

app_name = "messages"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/ways/", views.ways, name="ways"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/<str:message_id>/", views.message, name="message"),
    path("office/messages/sent/", views.sent, name="sent"),
    path("office/messages/sent/again/", views.sent_again, name="sent_again"),
    path("office/messages/templates/", views.templates, name="templates"),
    path(WHICH, views.template, name="template"),
    path(f"{WHICH}reset/", views.template_reset, name="template_reset"),
]
