-- name:    newest_period
-- what:    First day of the newest period with a return.
-- params:
-- returns: newest DATE
select max(period_start) as newest
from observation
where superseded_at is null
