-- name:    signed_weeks
-- what:    How many weeks were ever signed off: where none was, none can be opened again.
-- params:
-- returns: weeks BIGINT
select count(*) as weeks
from sign_off
