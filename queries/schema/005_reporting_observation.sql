-- name:    005_reporting_observation
-- what:    The figures as known now, one row a unit, indicator and period.
-- params:
-- returns: nothing
create view reporting.observation as
select
    unit,
    indicator,
    period_start,
    value,
    numerator,
    denominator,
    batch_id,
    recorded_at
from main.observation
where superseded_at is null
