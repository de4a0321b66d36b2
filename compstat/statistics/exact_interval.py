"""The exact interval of a share that was counted in a random sample."""

from __future__ import annotations


def clopper_pearson(hits: int, tried: int, confidence: float = 0.95) -> tuple[float, float]:
    """Lower and upper end of the share (0-1) behind `hits` of `tried`: never covers less often than `confidence`.

    lower = B(alpha/2; x, n - x + 1), upper = B(1 - alpha/2; x + 1, n - x), B the quantile of the beta distribution;
    0 for x = 0, 1 for x = n. Of a sample without replacement it is somewhat wider than need be.
    Source: Clopper and Pearson (1934), Biometrika 26, 404-413. Raises ValueError for no trial.
    """
    from scipy.special import betaincinv

    if not 0 <= hits <= tried or tried < 1:
        raise ValueError(f"{hits} of {tried} is no share")
    tail = (1 - confidence) / 2
    lower = 0.0 if hits == 0 else float(betaincinv(hits, tried - hits + 1, tail))
    upper = 1.0 if hits == tried else float(betaincinv(hits + 1, tried - hits, 1 - tail))
    return lower, upper
