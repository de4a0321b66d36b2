-- name:    016_reporting_restated
-- what:    Every figure that replaced another, one row a change; now is null where it was taken back.
-- params:
-- returns: nothing
create view reporting.restated as
select
    earlier.unit,
    earlier.indicator,
    earlier.period_start,
    earlier.value as was,
    later.value as now,
    earlier.superseded_at as recorded_at,
    coalesce(batch.source, 'withdrawn') as source,
    batch.loaded_by
from main.observation as earlier
left join main.observation as later
    on later.unit = earlier.unit
    and later.indicator = earlier.indicator
    and later.period_start = earlier.period_start
    and later.recorded_at = earlier.superseded_at
left join main.batch as batch on batch.batch_id = later.batch_id
where earlier.superseded_at > earlier.recorded_at
