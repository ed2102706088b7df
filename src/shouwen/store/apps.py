"""The Django application of the tables of cases."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables named as what they hold, without a prefix."""

    name = "shouwen.store"
    label = "store"
