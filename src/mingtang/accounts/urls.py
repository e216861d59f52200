"""Paths of sign-in."""

from django.urls import path

from mingtang.accounts import (
    views,
    views_factor,
    views_keys,
    views_oidc,
    views_password,
    views_refusals,
    views_sessions,
)

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second, name="second"),
    path("sign-in/prove/", views_factor.prove, name="prove"),
    path("sign-in/prove/with/", views_oidc.prove_with, name="prove_with"),
    path("sign-in/with/<slug:side>/", views_oidc.sign_in_with, name="sign_in_with"),
    path("sign-in/with/<slug:side>/back/", views_oidc.with_back, name="with_back"),
    path("account/", views_password.account, name="account"),
    path("account/sessions/", views_sessions.sessions, name="sessions"),
    path("account/sessions/end/", views_sessions.end, name="end_sessions"),
    path("account/factor/", views_factor.factor, name="factor"),
    path("account/factor/qr/", views_factor.factor_qr, name="factor_qr"),
    path("sign-in/key/", views_keys.key_question, name="key_question"),
    path("account/factor/keys/", views_keys.add_key, name="add_key"),
    path("account/factor/keys/options/", views_keys.key_options, name="key_options"),
    path("account/factor/keys/<int:key_id>/remove/", views_keys.drop_key, name="drop_key"),
    path("account/factor/codes/", views_factor.recovery_codes, name="recovery_codes"),
    path("office/factors/", views_factor.resets, name="resets"),
    path("office/factors/<int:reset_id>/agree/", views_factor.agree, name="agree_reset"),
    path("office/refusals/", views_refusals.refusals, name="refusals"),
    path("sign-out/", views_oidc.sign_out, name="sign_out"),
]
