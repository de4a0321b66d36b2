-- name:    insert_changed
-- what:    Adds the changed rows that hold a figure.
-- params:  batch_id VARCHAR, recorded_at TIMESTAMP
-- returns: nothing
insert into observation
select
    unit,
    indicator,
    period_start,
    value,
    numerator,
    denominator,
    $batch_id,
    $recorded_at,
    null
from changed
where value is not null or denominator is not null
