"""Addresses of taking in, of cases and of their papers."""

from __future__ import annotations

from django.urls import URLPattern

case_urls: list[URLPattern] = []
