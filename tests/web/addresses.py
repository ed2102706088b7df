"""The addresses that the tests of shared parts need, and no more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from shouwen.web.views import design


def blank(request: HttpRequest, id: str = "") -> HttpResponse:
    return render(request, "web/base.html")


urlpatterns = [
    path("design/", design, name="design"),
    path("work/", blank, name="work"),
    path("procedures/<str:id>/", blank, name="procedure"),
]
