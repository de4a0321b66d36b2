-- name:    known_unit
-- what:    The units of the workspace with the days they are valid.
-- params:
-- returns: nothing
create or replace temp table known_unit as
select
    unit::varchar as unit,
    valid_from::varchar::date as valid_from,
    valid_to::varchar::date as valid_to
from known_unit_text
