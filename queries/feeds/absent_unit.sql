-- name:    absent_unit
-- what:    The units that no row of an extract names.
-- params:
-- returns: nothing
create or replace temp table absent_unit as
select unit::varchar as unit
from absent_unit_text
