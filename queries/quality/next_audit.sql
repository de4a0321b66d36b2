-- name:    next_audit
-- what:    The number that the next audit gets.
-- params:
-- returns: number BIGINT
select count(distinct audit_id) + 1 as number
from audit
