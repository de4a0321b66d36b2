-- name:    cells_between
-- what:    Every unit and indicator with a return of a period that starts between two days, whenever it was known.
-- params:  first DATE, last DATE
-- returns: unit VARCHAR, indicator VARCHAR
select distinct
    unit,
    indicator
from observation
where period_start between $first and $last
order by unit, indicator
