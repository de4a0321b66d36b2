-- name:    first_known
-- what:    When the first return of a week was recorded, as far as known at a moment.
-- params:  week_start DATE, known_at TIMESTAMP
-- returns: recorded_at TIMESTAMP
select min(recorded_at) as recorded_at
from observation
where period_start = $week_start and recorded_at <= $known_at
