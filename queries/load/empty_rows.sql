-- name:    empty_rows
-- what:    How many staged rows hold no figure at all.
-- params:
-- returns: rows BIGINT
select count(*) as rows
from stage
where value is null and denominator is null
