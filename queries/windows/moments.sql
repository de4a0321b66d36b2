-- name:    moments
-- what:    Every moment at which something was recorded, oldest first.
-- params:
-- returns: recorded_at TIMESTAMP
select distinct recorded_at
from batch
order by recorded_at
