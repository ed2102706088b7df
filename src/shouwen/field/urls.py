"""Every address of the field page."""

from __future__ import annotations

from django.urls import URLPattern, path

from shouwen.field import acting, also, jobs, kept, offline

urlpatterns: list[URLPattern] = [
    path("", jobs.home, name="field"),
    path("done/", jobs.done, name="field_done"),
    path("me/", jobs.me, name="field_me"),
    path("outbox/", jobs.outbox, name="field_outbox"),
    path("locked/", jobs.locked, name="field_locked"),
    path("jobs/<str:number>/", jobs.job, name="field_job"),
    path("jobs/<str:number>/kit/", kept.kit, name="field_kit"),
    path("jobs/<str:number>/look/", jobs.look, name="field_look"),
    path("jobs/<str:number>/photos/", acting.photos, name="field_photos"),
    path("jobs/<str:number>/do/<str:action>/", acting.act, name="field_act"),
    path("jobs/<str:number>/also/<str:verb>/", also.also, name="field_also"),
    path("pack.json", kept.pack, name="field_pack"),
    path("sw.js", offline.service_worker, name="field_worker"),
    path("app.webmanifest", offline.manifest, name="field_manifest"),
]
