-- name:    restated
-- what:    Every figure that replaced another one between two moments: what it was and is, one row a change.
-- params:  since TIMESTAMP, known_at TIMESTAMP
-- returns: unit VARCHAR, indicator VARCHAR, period_start DATE, was DOUBLE, now DOUBLE, recorded_at TIMESTAMP,
--          source VARCHAR
select
    earlier.unit,
    earlier.indicator,
    earlier.period_start,
    earlier.value as was,
    later.value as now,
    earlier.superseded_at as recorded_at,
    coalesce(batch.source, 'withdrawn') as source
from observation as earlier
left join observation as later
    on later.unit = earlier.unit
    and later.indicator = earlier.indicator
    and later.period_start = earlier.period_start
    and later.recorded_at = earlier.superseded_at
left join batch on batch.batch_id = later.batch_id
where earlier.superseded_at > $since
    and earlier.superseded_at <= $known_at
    and earlier.recorded_at < earlier.superseded_at
order by earlier.unit, earlier.indicator, earlier.period_start, earlier.superseded_at
