-- name:    scope
-- what:    The units and indicators that the windows are wanted for.
-- params:
-- returns: nothing
create or replace temp table scope as
select
    cell::integer as cell,
    unit::varchar as unit,
    indicator::varchar as indicator,
    cadence::varchar as cadence,
    is_ratio::boolean as is_ratio
from scope_text
