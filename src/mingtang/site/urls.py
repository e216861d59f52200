"""All paths of the house."""

from django.urls import include, path

from mingtang.site import views

site_patterns = (
    [
        path("", views.home, name="home"),
        path("today/", views.today, name="today"),
        path("preference/", views.preference, name="preference"),
        path("health/", views.health, name="health"),
        path("ready/", views.ready, name="ready"),
        path("metrics", views.told_metrics, name="metrics"),
        path("places/", views.places, name="places"),
        path("places/<str:code>/", views.place, name="place"),
        path("sections/<slug:key>/", views.section, name="section"),
        path("help/", views.help_page, name="help"),
        path("ledger/verify_ledger.py", views.verifier, name="verifier"),
        path("ledger/keys.jsonl", views.ledger_keys, name="ledger_keys"),
        path("ledger/extension/<int:size>/", views.extension, name="extension"),
        path("accessibility/", views.accessibility, name="accessibility"),
    ],
    "site",
)
urlpatterns = [
    path("", include(site_patterns)),
    path("api/v1/", include("mingtang.api.urls")),
    path("", include("mingtang.catalogue.urls")),
    path("", include("mingtang.disclosure.urls_public")),
    path("", include("mingtang.cases.urls")),
    path("", include("mingtang.outage.urls")),
    path("joint/routes/", include("mingtang.joint.editor.urls")),
    path("", include("mingtang.requests.urls")),
    path("", include("mingtang.projects.urls")),
    path("", include("mingtang.joint.urls")),
    path("", include("mingtang.interaction.urls")),
    path("", include("mingtang.consultations.urls")),
    path("", include("mingtang.licences.urls")),
    path("", include("mingtang.letters.urls")),
    path("", include("mingtang.queues.urls")),
    path("", include("mingtang.joint.urls_meetings")),
    path("", include("mingtang.projects.urls_agents")),
    path("", include("mingtang.villages.urls_office")),
    path("", include("mingtang.villages.urls")),
    path("", include("mingtang.tv.urls")),
    path("", include("mingtang.supervision.urls")),
    path("", include("mingtang.assessment.urls")),
    path("", include("mingtang.bottlenecks.urls")),
    path("", include("mingtang.troubles.urls")),
    path("", include("mingtang.screens.urls")),
    path("", include("mingtang.exchange.urls")),
    path("", include("mingtang.exchange.urls_open")),
    path("", include("mingtang.reports.urls")),
    path("", include("mingtang.disclosure.urls")),
    path("", include("mingtang.files.urls")),
    path("", include("mingtang.messages.urls")),
    path("", include("mingtang.persons.urls")),
    path("", include("mingtang.accounts.urls")),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
