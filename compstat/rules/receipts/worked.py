"""The formula of each family with a flag's own numbers in it, line by line, from the inputs of its receipt alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Inputs = Mapping[str, Any]


def worked(family: str, inputs: Inputs, p: float | None) -> list[str]:
    """The lines; the formula without numbers where a family has no arithmetic of its own."""
    lines = list(WORKED.get(family, _plainly)(inputs))
    return lines if p is None else [*lines, f"p = {_n(p)}"]


def _n(value: Any) -> str:
    return "none" if value is None else f"{value:.6g}" if isinstance(value, int | float) else str(value)


def _plainly(inputs: Inputs) -> Iterator[str]:
    if "formula" in inputs:
        yield str(inputs["formula"])


def _own_history(inputs: Inputs) -> Iterator[str]:
    if "forecast" in inputs:
        return _volume(inputs)
    return _share(inputs) if "denominator" in inputs else _count(inputs)


def _count(inputs: Inputs) -> Iterator[str]:
    tail = "<=" if inputs["direction"] == "fall" else ">="
    known = [name for name in ("week", "four_weeks") if inputs[name]["count"] is not None]
    for name in known:
        one = inputs[name]
        share = _share_of_time(one)
        season = "" if one["season"] == 1 else f"{_n(one['season'])} x "
        yield f"{name}: E = {season}({_n(one['baseline_events'])} + 1/2) x {share} = {_n(one['expected'])}"
        yield f"{name}: V = {_n(one['dispersion'])} x (1 + {season}{share}) = {_n(one['variance_factor'])}"
        chance = f"P(X {tail} {_n(one['count'])}) = {_n(one['p'])}"
        yield f"{name}: {chance}, X negative binomial with mean E and variance V x E"
    if len(known) == 2:
        smaller = min(inputs[name]["p"] for name in known)
        yield f"p = min(1, 2 x {_n(smaller)}), the smaller of both windows doubled"
    growing = [f"{_n(inputs[name]['growth'])} ({name})" for name in known if "growth" in inputs[name]]
    if growing:
        yield f"and no smaller than with the counts as they usually settle, x {', x '.join(growing)}"


def _share_of_time(one: Inputs) -> str:
    """`4/52` where all periods have as many days, else `28/365 days`."""
    alike = one["days"] * one["baseline_periods"] == one["periods"] * one["baseline_days"]
    names = ("periods", "baseline_periods") if alike else ("days", "baseline_days")
    return "/".join(_n(one[name]) for name in names) + ("" if alike else " days")


def _volume(inputs: Inputs) -> Iterator[str]:
    level = f"ln({_n(inputs['count'])} + 1/2)"
    yield f"forecast = {_n(inputs['forecast'])}, that is {_n(inputs['expected'])}"
    yield f"forecast z = ({level} - {_n(inputs['forecast'])}) / {_n(inputs['spread'])} = {_n(inputs['forecast_z'])}"
    yield f"chart z = ({level} - {_n(inputs['chart_mean'])}) / {_n(inputs['chart_sigma'])} = {_n(inputs['chart_z'])}"
    freedom = f"t with {_n(inputs['degrees_of_freedom'])} degrees of freedom"
    yield f"p is the larger tail for a {inputs['direction']}: {freedom}, normal"
    if "growth" in inputs:
        yield f"and no smaller than with the count x {_n(inputs['growth'])}, as it usually settles"


def _share(inputs: Inputs) -> Iterator[str]:
    now = f"{_n(inputs['numerator'])}/{_n(inputs['denominator'])}"
    yield f"share = {now}, expected {_n(inputs['baseline_share'])} from {inputs['baseline_periods']} periods"
    if inputs["exact"]:
        yield f"beta-binomial tail for a {inputs['direction']}, dispersion {_n(inputs['dispersion'])}"
    else:
        z = f"Laney z = {_n(inputs['laney_z'])}, forecast z = {_n(inputs['forecast_z'])}"
        yield f"{z}; p is the larger of their two tails"


def _year_on_year(inputs: Inputs) -> Iterator[str]:
    phi = _n(inputs["dispersion"])
    if "denominator" in inputs:
        now, n_now, then, n_then = (
            _n(inputs[name]) for name in ("numerator", "denominator", "numerator_year_ago", "denominator_year_ago")
        )
        yield f"p1 = {now}/{n_now}, p0 = {then}/{n_then}, p = ({now} + {then})/({n_now} + {n_then})"
        yield f"z = (p1 - p0) / sqrt({phi} p (1 - p) (1/{n_now} + 1/{n_then})) = {_n(inputs['z'])}"
        yield f"two-sided tail of Student's t, {_n(inputs['degrees_of_freedom'])} degrees of freedom"
        return
    now, then = inputs["count"], inputs["count_year_ago"]
    q = inputs["share_of_exposure"]
    yield f"n = {_n(now)} + {_n(then)} = {_n(now + then)}, q = {_n(q)}, phi = {phi}"
    yield f"z = (|{_n(now)} - n q| - 1/2) / sqrt(phi n q (1 - q)) = {_n(inputs['z'])} with the sign of the change"
    yield "p = erfc(|z| / sqrt 2)" if inputs["dispersion"] != 1 else "p = twice the smaller binomial tail"
    if "growth" in inputs:
        grown = f"{_n(inputs['p_settled'])} with the count x {_n(inputs['growth'])}, as it usually settles"
        yield f"the larger of {_n(inputs['p_as_recorded'])} as recorded and {grown}"


def _target(inputs: Inputs) -> Iterator[str]:
    pairs = zip(inputs["amounts"], inputs["volumes"], strict=True)
    known = [(amount, volume) for amount, volume in pairs if amount is not None]
    total, size = sum(amount for amount, _ in known), sum(volume for _, volume in known)
    goal, spread = inputs["target"] / inputs["scale"], _n(inputs["spread"])
    if inputs["kind"] == "count":
        mean = f"{_n(inputs['target'])} x {len(known)} = {_n(inputs['target'] * len(known))}"
        yield f"count {_n(total)}; negative binomial with mean {mean}, variance {spread} x mean"
        return
    if inputs["kind"] == "ratio":
        error = f"sqrt({spread} x {_n(goal)} x (1 - {_n(goal)}) / {_n(size)})"
    else:
        error = f"({spread} / sqrt {len(known)})"
    yield f"t = ({_n(total)}/{_n(size)} - {_n(goal)}) / {error}"
    yield f"tail towards the worse side, {_n(inputs['degrees_of_freedom'])} degrees of freedom"


def _floor(inputs: Inputs) -> Iterator[str]:
    yield f"worse than {_n(inputs['floor'])} in {inputs['breached_periods']} periods, wanted {inputs['wanted']}"


def _peer(inputs: Inputs) -> Iterator[str]:
    rate = f"{_n(inputs['amount'])}/{_n(inputs['size'])}"
    peers = f"{inputs['peers']} peers ({inputs['peer_group']})"
    yield f"rate = {rate}, pooled rate of {peers} = {_n(inputs['pooled_rate'])}"
    yield f"s^2 = 1/(4 x {_n(inputs['size'])}), tau^2 = {_n(inputs['between_variance'])}"
    yield f"{inputs['formula']}; normal tail {inputs['worse']}"


def _travel(inputs: Inputs) -> Iterator[str]:
    pairs = zip(inputs["windows"], inputs["windows_year_ago"], strict=True)
    known = [now - then for now, then in pairs if now is not None and then is not None]
    yield f"d = a window less the same a year before, {len(known)} pairs, mean {_n(sum(known) / len(known))}"
    yield f"t = mean(d) / (sd(d) / sqrt {len(known)}) = {_n(inputs['t'])}, tail of a {inputs['direction']}"


def _leak(inputs: Inputs) -> Iterator[str]:
    count, other = inputs["count"], inputs["count_to"]
    usual = f"s = {_n(inputs['baseline_events'])}/{_n(inputs['baseline_both'])} = {_n(inputs['usual_share'])}"
    yield f"x = {_n(count)}, n = {_n(count)} + {_n(other)}, {usual}, phi = {_n(inputs['dispersion'])}"
    yield f"fell by {_n(inputs['fewer'])}, the other rose by {_n(inputs['more'])}; wanted {_n(inputs['minimum_gap'])}"
    yield str(inputs["formula"])


def _trajectory(inputs: Inputs) -> Iterator[str]:
    ahead = f"{_n(inputs['forecast'])} on {inputs['due']}, standard error {_n(inputs['standard_error'])}"
    yield f"{ahead}, {_n(inputs['degrees_of_freedom'])} degrees of freedom; goal {_n(inputs['goal'])}"
    yield f"chance of keeping it = {_n(inputs['chance_of_keeping'])}; below 0.1 it is listed"


def _drift(inputs: Inputs) -> Iterator[str]:
    if "score" in inputs:
        told = f"S = {_n(inputs['score'])} >= h = {_n(inputs['limit'])}"
        yield f"{told} from m = {_n(inputs['mean'])} a period, phi = {_n(inputs['dispersion'])}"
    else:
        limits = f"{_n(inputs['lower'])} to {_n(inputs['upper'])}"
        yield f"z = {_n(inputs['weighted_mean'])} against limits {limits} round {_n(inputs['mean'])}"
    yield from _plainly(inputs)


WORKED: Mapping[str, Callable[[Inputs], Iterator[str]]] = {
    "spike": _own_history,
    "commend": _own_history,
    "year_on_year": _year_on_year,
    "target": _target,
    "floor": _floor,
    "peer": _peer,
    "coasting": _travel,
    "improving": _travel,
    "leak": _leak,
    "trajectory": _trajectory,
    "drift": _drift,
}
