-- name:    recent_figures
-- what:    Every figure of one cadence between two days, as known at a moment, with the number of its cell in `scope`:
--          the series that charts and the tests of dispersion and special cause read. For a ratio `amount` and
--          `volume` are numerator and denominator, else value and 1.
-- params:  cadence VARCHAR, known_at TIMESTAMP, first DATE, last DATE
-- returns: cell INTEGER, period_start DATE, amount DOUBLE, volume DOUBLE
select
    scope.cell,
    observation.period_start,
    case when scope.is_ratio then observation.numerator else observation.value end as amount,
    case when scope.is_ratio then observation.denominator else 1.0 end as volume
from observation
inner join scope on scope.unit = observation.unit and scope.indicator = observation.indicator
where scope.cadence = $cadence
    and observation.recorded_at <= $known_at
    and (observation.superseded_at is null or observation.superseded_at > $known_at)
    and observation.period_start between $first and $last
