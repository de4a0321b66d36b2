-- name:    said_dates
-- what:    Every date as it is written.
-- params:
-- returns: given VARCHAR
select distinct given
from said_row
order by given
