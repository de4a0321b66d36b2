-- name:    problem_date
-- what:    Rows of the careful reader whose date cannot be read.
-- params:  most BIGINT
-- returns: line BIGINT, found VARCHAR
select distinct
    careful_row.line,
    coalesce(careful_row.given, '') as found
from careful_row
anti join known_date on known_date.said = careful_row.given
order by all
limit $most
