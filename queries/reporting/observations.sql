-- name:    observations
-- what:    Every figure of the periods that start between two days, as known at a moment, and where it came from.
-- params:  known_at TIMESTAMP, first DATE, last DATE
-- returns: unit VARCHAR, indicator VARCHAR, period_start DATE, value DOUBLE, numerator DOUBLE, denominator DOUBLE,
--          batch VARCHAR, recorded_at TIMESTAMP, source VARCHAR
select
    observation.unit,
    observation.indicator,
    observation.period_start,
    observation.value,
    observation.numerator,
    observation.denominator,
    observation.batch_id as batch,
    observation.recorded_at,
    batch.source
from observation
left join batch on batch.batch_id = observation.batch_id
where observation.recorded_at <= $known_at
    and (observation.superseded_at is null or observation.superseded_at > $known_at)
    and observation.period_start between $first and $last
order by observation.unit, observation.indicator, observation.period_start
