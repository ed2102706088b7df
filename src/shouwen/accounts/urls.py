"""Addresses of signing in, of one's own account and of the program's pulse."""

from __future__ import annotations

from django.urls import path

from shouwen.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second_step, name="sign_in_code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.change_password, name="account_password"),
    path("account/second-factor/", views.set_second_factor, name="account_second_factor"),
    path("account/second-factor/drop/", views.drop_second_factor, name="account_second_factor_drop"),
    path("account/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("health/", views.health, name="health"),
]
