"""The Django application of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Tables named as what they hold, without a prefix."""

    name = "shouwen.accounts"
    label = "accounts"
