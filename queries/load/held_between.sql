-- name:    held_between
-- what:    How many current figures the store holds for the staged periods, and when the newest was recorded.
-- params:
-- returns: rows BIGINT, recorded_at TIMESTAMP
select
    count(*) as rows,
    max(observation.recorded_at) as recorded_at
from observation
where observation.superseded_at is null
    and observation.period_start between
        (select min(period_start) from known_period where code is null)
        and (select max(period_start) from known_period where code is null)
