-- name:    insert_ready
-- what:    Adds every staged row that holds a figure: the way in when the store holds nothing for these periods.
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
from ready
where value is not null or denominator is not null
