-- name:    no_figure
-- what:    How many rows are staged, where not one of them holds a figure; of a wide file the lines.
-- params:
-- returns: rows BIGINT
select coalesce(nullif(count(distinct line), 0), count(*)) as rows
from stage
having count(value) + count(denominator) = 0
