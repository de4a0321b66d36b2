-- name:    first_recorded
-- what:    When the first return of each period was recorded, whichever indicator it is of.
-- params:  first DATE, last DATE
-- returns: period_start DATE, recorded_at TIMESTAMP
select
    period_start,
    min(recorded_at) as recorded_at
from observation
where period_start between $first and $last
group by period_start
order by period_start
