-- name:    key_counts
-- what:    Rows and distinct keys; two keys may in theory share a hash, which only sends us to count them exactly.
-- params:
-- returns: rows BIGINT, keys BIGINT
select
    count(*) as rows,
    count(distinct hash(unit, indicator, given)) as keys
from stage
