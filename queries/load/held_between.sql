-- name:    held_between
-- what:    How many figures of the staged periods the store holds, or held after this moment.
-- params:  recorded_at TIMESTAMP
-- returns: rows BIGINT
select count(*) as rows
from observation
where (superseded_at is null or superseded_at > $recorded_at)
    and period_start between
        (select min(period_start) from known_period where code is null)
        and (select max(period_start) from known_period where code is null)
