"""Paths of queues."""

from django.urls import path

from mingtang.queues.views import keeping, public

app_name = "queues"
urlpatterns = [
    path("queue/", public.queue, name="queue"),
    path("queue/<slug:code>/", public.ticket, name="ticket"),
    path("queue/<slug:code>/qr.svg", public.ticket_qr, name="ticket_qr"),
    path("appointments/", public.appointments, name="appointments"),
    path("appointments/<slug:verb>/", public.appointment, name="appointment"),
    path("desk/queues/", keeping.keep, name="keep"),
    path("desk/queues/<int:queue_id>/", keeping.keep, name="keep_one"),
]
