"""What the next block of a level would hold if nothing were done: for shares and measurements, block by block.

Blocks (four weeks, three months) of the year before carry season, memory and extra variance in their own spread,
so that no form for it has to be assumed. The persistence of a gap is that of the counts' fallback band.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from compstat.statistics.arrays import as_floats
from compstat.statistics.expectation_band import FALLBACK_PERSISTENCE, HIGH_SHARE

FEWEST_BLOCKS = 6  # half a year of four-week blocks: Student's t is wide enough from there


def block_band(blocks: npt.ArrayLike, seen: float) -> tuple[float, float] | None:
    """The 90% band of the next block after one at `seen`; None with fewer than six whole blocks (NaN: not whole).

    Student's predictive interval of one more value; the side of `seen` is moved by three tenths of its gap.
    """
    (every,) = as_floats(blocks)
    known = every[~np.isnan(every)]
    if known.size < FEWEST_BLOCKS or np.isnan(seen):
        return None
    level, gap = float(known.mean()), FALLBACK_PERSISTENCE * (seen - float(known.mean()))
    spread = float(known.std(ddof=1)) * float(np.sqrt(1 + 1 / known.size))
    reach = float(stdtrit(known.size - 1, HIGH_SHARE)) * spread
    return level + min(gap, 0.0) - reach, level + max(gap, 0.0) + reach
