-- name:    013_reporting_unit
-- what:    The units as they were at the last load, one row a row of units.csv.
-- params:
-- returns: nothing
create view reporting.unit as
select
    unit,
    name,
    level,
    parent,
    commander,
    family,
    population,
    valid_from,
    valid_to
from main.described_unit
