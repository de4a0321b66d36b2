-- name:    insert_restored
-- what:    Puts the earlier figures back, as figures of the batch that they came from, known again from this moment.
-- params:  recorded_at TIMESTAMP
-- returns: nothing
insert into observation
select
    unit,
    indicator,
    period_start,
    value,
    numerator,
    denominator,
    from_batch,
    $recorded_at,
    null
from changed
where value is not null or denominator is not null
