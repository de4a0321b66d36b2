"""What can be taken out, and in which formats."""

from __future__ import annotations

from enum import StrEnum


class What(StrEnum):
    OBSERVATIONS = "observations"
    FLAGS = "flags"
    WINDOWS = "windows"
    ACTIONS = "actions"


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
