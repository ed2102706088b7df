"""Addresses of my work and of lists of cases."""

from __future__ import annotations

from django.urls import URLPattern, path

from shouwen.console import board, inbox, incoming, lists, lists_bulk, lists_download, lists_views, palette

list_urls: list[URLPattern] = [
    path("", lists.work, name="home"),
    path("work/", lists.work, name="work"),
    path("cases/", lists.cases, name="cases"),
    path("lists/preview/<str:number>/", lists.preview, name="preview"),
    path("lists/download/<str:kind>/", lists_download.download, name="download"),
    path("lists/views/", lists_views.views, name="views"),
    path("lists/views/save/", lists_views.save_view, name="save_view"),
    path("lists/views/<uuid:view_id>/", lists_views.view, name="view"),
    path("lists/views/<uuid:view_id>/count/", lists_views.count, name="view_count"),
    path("lists/bulk/", lists_bulk.bulk, name="bulk"),
    path("lists/bulk/offers/", lists_bulk.bulk_offers, name="bulk_offers"),
    path("lists/bulk/do/", lists_bulk.bulk_do, name="bulk_do"),
    path("board/", board.board, name="board"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read-all/", inbox.inbox_all, name="inbox_all"),
    path("inbox/<uuid:case_id>/<int:seq>/", inbox.inbox_read, name="inbox_read"),
    path("incoming/", incoming.incoming, name="incoming"),
    path("incoming/<uuid:incoming_id>/", incoming.incoming_report, name="incoming_report"),
    path("incoming/<uuid:incoming_id>/<uuid:attachment>/", incoming.incoming_file, name="incoming_file"),
    path("search/", palette.search, name="search"),
    path("palette/", palette.palette, name="palette"),
]
