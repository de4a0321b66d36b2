-- name:    next_batch
-- what:    The number of the next batch.
-- params:
-- returns: number BIGINT
select count(*) + 1 as number
from batch
