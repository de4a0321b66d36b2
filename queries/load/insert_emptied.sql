-- name:    insert_emptied
-- what:    Records which figures a load takes back without giving another.
-- params:  batch_id VARCHAR, recorded_at TIMESTAMP
-- returns: nothing
insert into emptied
select
    unit,
    indicator,
    period_start,
    $batch_id,
    $recorded_at
from changed
where restates and value is null and denominator is null
