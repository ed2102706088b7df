"""The tables of the organisation: its stream, and the rows derived from it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

__all__ = [
    "Cover",
    "Day",
    "FigureValue",
    "Name",
    "OrganisationRecord",
    "Person",
    "Position",
    "RegisterRow",
    "Unit",
    "Word",
]


class OrganisationRecord(models.Model):
    """One event of the organisation's stream, chained to the one before."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    kind = models.TextField()
    body = models.TextField()
    digest = models.BinaryField()

    class Meta:
        db_table = "organisation_records"


class Name(models.Model):
    """The organisation's own name (one row)."""

    name = models.TextField(primary_key=True)

    class Meta:
        db_table = "organisation_name"


class Unit(models.Model):
    """A unit in the tree."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    parent = models.TextField()
    desk = models.BooleanField()
    procedures = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "units"


class Person(models.Model):
    """A person of the organisation."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    phone = models.TextField()
    email = models.TextField()
    active = models.BooleanField()

    class Meta:
        db_table = "people"


class Position(models.Model):
    """A role held in a unit."""

    position = models.TextField(primary_key=True)
    person = models.TextField()
    unit = models.TextField()
    role = models.TextField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        db_table = "positions"


class Cover(models.Model):
    """A role held for somebody else for a time."""

    cover = models.TextField(primary_key=True)
    person = models.TextField()
    unit = models.TextField()
    role = models.TextField()
    kind = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    absent = models.TextField()

    class Meta:
        db_table = "covers"


class FigureValue(models.Model):
    """A figure's own value from a day on."""

    pk = models.CompositePrimaryKey("procedure", "figure", "since")
    procedure = models.TextField()
    figure = models.TextField()
    since = models.DateField()
    text = models.TextField()
    reason = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "figure_values"


class Word(models.Model):
    """A word of an open catalog."""

    pk = models.CompositePrimaryKey("procedure", "catalog", "word")
    procedure = models.TextField()
    catalog = models.TextField()
    word = models.TextField()
    retired = models.BooleanField()

    class Meta:
        db_table = "words"


class RegisterRow(models.Model):
    """A row of a register in one span of days."""

    pk = models.CompositePrimaryKey("procedure", "register", "key", "since")
    procedure = models.TextField()
    register = models.TextField()
    key = models.TextField()
    #: 0001-01-01: always
    since = models.DateField()
    until = models.DateField(null=True)
    values = models.JSONField()

    class Meta:
        db_table = "register_rows"
        indexes = [GinIndex(fields=["values"], opclasses=["jsonb_path_ops"], name="register_rows_values")]


class Day(models.Model):
    """A day on which the organisation differs from the public calendar."""

    day = models.DateField(primary_key=True)
    name = models.TextField()
    works = models.BooleanField()

    class Meta:
        db_table = "organisation_days"
