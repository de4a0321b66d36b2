-- name:    figures
-- what:    Every figure of the cells in `scope` between two days, as known at a moment: what a team's own rules read.
-- params:  known_at TIMESTAMP, first DATE, last DATE
-- returns: cell INTEGER, period_start DATE, value DOUBLE, numerator DOUBLE, denominator DOUBLE, recorded_at TIMESTAMP
select
    scope.cell,
    observation.period_start,
    observation.value,
    observation.numerator,
    observation.denominator,
    observation.recorded_at
from observation
inner join scope on scope.unit = observation.unit and scope.indicator = observation.indicator
where observation.recorded_at <= $known_at
    and (observation.superseded_at is null or observation.superseded_at > $known_at)
    and observation.period_start between $first and $last
