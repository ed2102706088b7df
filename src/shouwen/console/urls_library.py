"""Addresses of procedures, figures, people and settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from shouwen.console import (
    figures,
    ledger,
    library,
    library_examples,
    library_figures,
    people,
    settings,
    settings_registers,
)

library_urls: list[URLPattern] = [
    path("procedures/", library.library, name="procedures"),
    path("procedures/<slug:name>/", library.procedure, name="procedure"),
    path("procedures/<slug:name>/figures/", library_figures.figure_values, name="figure_values"),
    path("procedures/<slug:name>/examples/<slug:example>/", library_examples.example, name="procedure_example"),
    path("reports/", figures.reports, name="figures"),
    path("reports/cases/", figures.figure_cases, name="figure_cases"),
    path("reports/report.xlsx", figures.figure_sheet, name="figure_sheet"),
    path("reports/report.pdf", figures.figure_pdf, name="figure_pdf"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/statement.pdf", ledger.statement, name="statement"),
    path("people/", people.people, name="people"),
    path("people/<str:code>/", people.person, name="person"),
    path("registers/", settings_registers.register_pages, name="registers"),
    path("settings/", settings.settings, name="settings"),
]
