"""The E-test against its paper, against another program's p values and against the plain double sum."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compstat.statistics.etest import e_test

CASES = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "etest.csv"


def double_sum(k1: int, k2: int, n1: float, n2: float) -> float:
    """Every pair of counts up to 150, in plain Python."""
    rate = (k1 + k2) / (n1 + n2)
    observed = abs((k1 / n1 - k2 / n2) / math.sqrt(rate))
    first = [math.exp(x * math.log(n1 * rate) - n1 * rate - math.lgamma(x + 1)) for x in range(150)]
    second = [math.exp(x * math.log(n2 * rate) - n2 * rate - math.lgamma(x + 1)) for x in range(150)]
    return math.fsum(
        first[x] * second[y]
        for x in range(150)
        for y in range(150)
        if x + y and abs(x / n1 - y / n2) / math.sqrt((x + y) / (n1 + n2)) >= observed
    )


@pytest.mark.parametrize(("counts", "published"), [((3, 0), 0.0884), ((6, 2), 0.1749)])
def test_worked_examples_of_the_paper(counts: tuple[int, int], published: float) -> None:
    """Krishnamoorthy and Thomson (2004), section 5."""
    assert round(e_test(*counts), 4) == published


@pytest.mark.skipif(not CASES.is_file(), reason="the conformance cases are not beside the project")
def test_other_programs_agree() -> None:
    with CASES.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            wanted = float(row["p_ptools"])
            found = e_test(*(float(row[column]) for column in ("k1", "k2", "n1", "n2")))
            assert found == pytest.approx(math.nan if wanted == -1 else wanted, abs=1e-9, nan_ok=True)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 25), st.integers(1, 25), st.sampled_from([1.0, 2.0, 0.5]))
def test_plain_double_sum(k1: int, k2: int, n2: float) -> None:
    assert e_test(k1, k2, 1.0, n2) == pytest.approx(double_sum(k1, k2, 1.0, n2), abs=1e-9)


def test_not_defined() -> None:
    for wrong in ((0, 0, 1, 1), (-1, 3, 1, 1), (3, 1, 0, 1), (1, 1, 1, 1, 5)):
        assert math.isnan(e_test(*wrong))


def test_large_counts_are_quick_and_near_the_normal() -> None:
    z = 100 / math.sqrt(8_100)
    assert e_test(4_100, 4_000) == pytest.approx(math.erfc(z / math.sqrt(2)), abs=2e-3)
