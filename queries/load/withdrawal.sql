-- name:    withdrawal
-- what:    What taking a batch back does: its figures that still stand, and the figure each had replaced (null: none).
-- params:  batch_id VARCHAR
-- returns: nothing
create or replace temp table changed as
select
    null::bigint as line,
    taken.unit,
    taken.indicator,
    taken.period_start,
    before.value,
    before.numerator,
    before.denominator,
    true as restates,
    taken.recorded_at as held_since
from observation as taken
left join observation as before
    on before.unit = taken.unit
    and before.indicator = taken.indicator
    and before.period_start = taken.period_start
    and before.superseded_at = taken.recorded_at
    and before.batch_id <> taken.batch_id
where taken.batch_id = $batch_id and taken.superseded_at is null
