"""Rows of the database as tables with plain column names and types."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from backstride.web.people.models import User
from backstride.web.rights.kept import Table

KINDS: tuple[tuple[type[models.Field], pl.DataType], ...] = (
    (models.BooleanField, pl.Boolean()),
    (models.DateTimeField, pl.Datetime("us", "UTC")),  # before DateField, of which it is a kind
    (models.DateField, pl.Date()),
    (models.TimeField, pl.Time()),
    (models.FloatField, pl.Float64()),
    (models.IntegerField, pl.Int64()),
)


def type_of(field: models.Field) -> pl.DataType:
    """What a column is in the export; lists and dictionaries are JSON in a text."""
    if field.is_relation:
        return pl.String() if _is_named(field) else pl.Int64()
    return next((kind for base, kind in KINDS if isinstance(field, base)), pl.String())


def fields_of(table: Table) -> list[models.Field]:
    """Its columns: all but the one that says whose row it is, and what is kept back."""
    out = {table.path, *table.without}
    return [field for field in table.model._meta.concrete_fields if field.name not in out]


def frame_of(table: Table, user: User) -> pl.DataFrame:
    """The walker's rows of a table, oldest first; instants are in UTC."""
    fields = fields_of(table)
    rows = table.model._default_manager.filter(**{table.path: user}).order_by("pk")
    named = [field.name for field in fields if _is_named(field)]
    found = rows.select_related(*named) if named else rows
    cells = [[_cell(row, field) for field in fields] for row in found.iterator(1000)]
    schema = {field.name: type_of(field) for field in fields}
    return pl.DataFrame(cells, schema=schema, orient="row")


def _is_named(field: models.Field) -> bool:
    """A link to a person or a clinic is told by name, others by the number of the row."""
    label = field.related_model._meta.label if field.is_relation else ""
    return label in {"people.User", "clinic.Clinic"}


def _cell(row: models.Model, field: models.Field) -> Any:
    if _is_named(field):
        linked = getattr(row, field.name)
        return None if linked is None else str(linked)
    value = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        return as_json(value)
    return str(value) if isinstance(field, models.UUIDField) and value else value


def as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)
