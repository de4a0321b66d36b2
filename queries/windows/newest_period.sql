-- name:    newest_period
-- what:    First day of each indicator's newest period with a return.
-- params:
-- returns: indicator VARCHAR, newest DATE
select indicator, max(period_start) as newest
from observation
where superseded_at is null
group by indicator
order by indicator
