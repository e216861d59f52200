"""Paths of the exchange."""

from django.urls import path

from mingtang.exchange import views, views_calendar, views_cutover

app_name = "exchange"
urlpatterns = [
    path("office/exchange/", views.batches, name="batches"),
    path("office/exchange/batches/<str:batch_id>/", views.batch, name="batch"),
    path("office/exchange/codes/", views.codes, name="codes"),
    path("office/exchange/codes/<slug:name>/<str:ours>/set/", views.set_code, name="set_code"),
    path("office/exchange/old-cases/", views.old_cases, name="old_cases"),
    path("office/exchange/cut-over/", views_cutover.cut_over, name="cut_over"),
    path("office/exchange/cut-over/tick/", views_cutover.tick, name="cut_over_tick"),
    path("office/exchange/cut-over/untick/", views_cutover.untick, name="cut_over_untick"),
    path("office/exchange/cut-over/open/", views_cutover.settle, name="cut_over_open"),
    path("office/exchange/cut-over/seal/", views_cutover.seal, name="cut_over_seal"),
    path("account/calendar/", views_calendar.settings_page, name="calendar"),
    path("account/calendar/end/", views_calendar.end, name="calendar_end"),
    path("calendar/<str:token>.ics", views_calendar.personal, name="calendar_feed"),
]
