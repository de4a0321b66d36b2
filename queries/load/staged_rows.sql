-- name:    staged_rows
-- what:    How many rows are staged.
-- params:
-- returns: rows BIGINT
select count(*) as rows
from stage
