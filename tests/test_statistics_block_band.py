"""The band of the next block, against its formula worked out by hand."""

from __future__ import annotations

import pytest

from compstat.statistics.block_band import block_band


def test_the_block_band_is_student_s_predictive_interval() -> None:
    blocks = [10.0, 12.0, 8.0, 11.0, 9.0, 10.0]
    band = block_band(blocks, 10.0)
    assert band is not None
    # mean 10, sd sqrt(2), t(5, 0.95) = 2.015: 10 -+ 2.015 * sqrt(2) * sqrt(7/6)
    assert band == pytest.approx((10 - 3.078, 10 + 3.078), abs=0.001)
    raised = block_band(blocks, 20.0)
    assert raised is not None and raised == pytest.approx((band[0], band[1] + 3.0))
    assert block_band([*blocks[:5], float("nan")], 10.0) is None
