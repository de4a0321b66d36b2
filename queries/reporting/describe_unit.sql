-- name:    describe_unit
-- what:    Keeps the rows of units.csv for the view reporting.unit.
-- params:
-- returns: nothing
create or replace table described_unit as
select
    unit::varchar as unit,
    name::varchar as name,
    level::varchar as level,
    parent::varchar as parent,
    commander::varchar as commander,
    family::varchar as family,
    population::double as population,
    valid_from::varchar::date as valid_from,
    valid_to::varchar::date as valid_to
from described_unit_text
