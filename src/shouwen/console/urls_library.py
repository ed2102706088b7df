"""Addresses of procedures, figures, people and settings."""

from __future__ import annotations

from django.urls import URLPattern

library_urls: list[URLPattern] = []
