"""Addresses of taking in, of cases and of their papers."""

from __future__ import annotations

from django.urls import URLPattern, path

from shouwen.console import acting, attachments, case, case_builtin, intake, papers

case_urls: list[URLPattern] = [
    path("intake/", intake.intake, name="intake"),
    path("intake/<str:procedure>/<str:action>/", intake.intake_form, name="intake_form"),
    path("intake/<str:procedure>/<str:action>/draft/", intake.intake_draft, name="intake_draft"),
    path("intake/<str:procedure>/<str:action>/beside/", intake.intake_beside, name="intake_beside"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/pulse/", case.case_pulse, name="case_pulse"),
    path("cases/<str:number>/look/", case.case_look, name="case_look"),
    path("cases/<str:number>/do/<str:action>/", acting.act, name="act"),
    path("cases/<str:number>/do/<str:action>/draft/", acting.act_draft, name="act_draft"),
    path("cases/<str:number>/also/<str:verb>/", case_builtin.case_also, name="case_also"),
    path("cases/<str:number>/correct/<str:path>/", case_builtin.case_correct, name="case_correct"),
    path("cases/<str:number>/papers.pdf", papers.papers_pdf, name="papers_pdf"),
    path("cases/<str:number>/papers/<str:form>/", papers.paper, name="paper"),
    path("cases/<str:number>/papers/<str:form>.pdf", papers.paper_pdf, name="paper_pdf"),
    path("cases/<str:number>/attachments/", attachments.attach, name="attach"),
    path("cases/<str:number>/attachments/<uuid:attachment>/", attachments.attachment, name="attachment"),
]
