-- name:    restated
-- what:    Every figure that replaced another one between two moments: what it was and is, one row a change; `change`
--          is now less was; loaded_by who recorded it. A figure that was taken back is none now.
-- params:  since TIMESTAMP, known_at TIMESTAMP
-- returns: unit VARCHAR, indicator VARCHAR, period_start DATE, was DOUBLE, now DOUBLE, recorded_at TIMESTAMP,
--          source VARCHAR, loaded_by VARCHAR, change DOUBLE
with recorder as (
    select recorded_at, min(loaded_by) as loaded_by
    from batch
    group by recorded_at
),
earlier as (
    select *
    from observation
    where superseded_at > $since
        and superseded_at <= $known_at
        and recorded_at < superseded_at
)
select
    earlier.unit,
    earlier.indicator,
    earlier.period_start,
    earlier.value as was,
    later.value as now,
    earlier.superseded_at as recorded_at,
    coalesce(batch.source, 'withdrawn') as source,
    recorder.loaded_by,
    later.value - earlier.value as change
from earlier
left join observation as later
    on later.unit = earlier.unit
    and later.indicator = earlier.indicator
    and later.period_start = earlier.period_start
    and later.recorded_at = earlier.superseded_at
    and later.recorded_at > $since
    and later.recorded_at <= $known_at
left join batch on batch.batch_id = later.batch_id
left join recorder on recorder.recorded_at = earlier.superseded_at
order by earlier.unit, earlier.indicator, earlier.period_start, earlier.superseded_at
