"""The Django application of the organisation's tables."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Tables named as what they hold, without a prefix."""

    name = "shouwen.organisation"
    label = "organisation"
