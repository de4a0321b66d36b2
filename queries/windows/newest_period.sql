-- name:    newest_period
-- what:    First day of each indicator's newest period with a return, as known at a moment.
-- params:  known_at TIMESTAMP
-- returns: indicator VARCHAR, newest DATE
select indicator, max(period_start) as newest
from observation
where recorded_at <= $known_at
    and (superseded_at is null or superseded_at > $known_at)
group by indicator
order by indicator
