-- name:    misfit_dates
-- what:    How many staged rows have no date, or one that is outside the days the calendar reckons with.
-- params:  first DATE, last DATE
-- returns: rows BIGINT
select count(*) as rows
from stage
where given is null or given < $first or given > $last
