-- name:    date_range
-- what:    The first and last day that is staged, and how many rows have none.
-- params:
-- returns: first DATE, last DATE, without BIGINT
select
    min(given) as first,
    max(given) as last,
    count(*) - count(given) as without
from stage
