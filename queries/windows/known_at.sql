-- name:    known_at
-- what:    The moment of the newest batch known at a moment: what every output prints as "figures as known".
-- params:  as_of TIMESTAMP
-- returns: known_at TIMESTAMP
select max(recorded_at) as known_at
from batch
where recorded_at <= $as_of
