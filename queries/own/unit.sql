-- name:    unit
-- what:    The units that are valid in the week, one row each.
-- params:
-- returns: nothing
create table reporting.unit as
select
    unit::varchar as unit,
    name::varchar as name,
    level::varchar as level,
    parent::varchar as parent,
    commander::varchar as commander,
    family::varchar as family,
    population::double as population
from unit_text
