-- name:    figures_ever_known
-- what:    Every figure between two days with the time it was known for, oldest period first: what a rehearsal of many
--          weeks reads once. For a ratio `amount` and `volume` are numerator and denominator, else value and 1.
-- params:  first DATE, last DATE
-- returns: cell INTEGER, period_start DATE, amount DOUBLE, volume DOUBLE, recorded_at TIMESTAMP,
--          superseded_at TIMESTAMP (null: it still stands)
select
    scope.cell,
    observation.period_start,
    case when scope.is_ratio then observation.numerator else observation.value end as amount,
    case when scope.is_ratio then observation.denominator else 1.0 end as volume,
    observation.recorded_at,
    observation.superseded_at
from observation
inner join scope on scope.unit = observation.unit and scope.indicator = observation.indicator
where observation.period_start between $first and $last
order by observation.period_start
