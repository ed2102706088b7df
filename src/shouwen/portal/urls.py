"""Every address of the portal."""

from __future__ import annotations

from django.urls import path

from shouwen.portal import acting, announced, case, doors, guides, houses, paper, reporting

app_name = "portal"
urlpatterns = [
    path("", houses.houses, name="houses"),
    path("at/<str:unit>/", houses.house, name="house"),
    path("at/<str:unit>/notices/", announced.announced, name="announced"),
    path("at/<str:unit>/report/<str:procedure>/<str:action>/", reporting.report, name="report"),
    path("receipt/", reporting.receipt, name="receipt"),
    path("brought/<str:number>/", reporting.report_state, name="brought"),
    path("follow/", doors.enter, name="follow"),
    path("follow/code/", doors.send_code, name="send_code"),
    path("leave/", doors.leave, name="leave"),
    path("case/<str:number>/", case.case, name="case"),
    path("case/<str:number>/do/<str:action>/", acting.act, name="act"),
    path("case/<str:number>/guide/<str:guide>/", guides.guide, name="guide"),
    path("case/<str:number>/read/", case.acknowledge, name="read"),
    path("case/<str:number>/files/", case.add_files, name="files"),
    path("case/<str:number>/files/<uuid:attachment>/", case.file, name="file"),
    path("case/<str:number>/papers/<str:form>/", paper.paper, name="paper"),
    path("case/<str:number>/papers/<str:form>/pdf/", paper.paper_pdf, name="paper_pdf"),
    path("article/<str:procedure>/<str:clause>/", houses.article, name="article"),
]
