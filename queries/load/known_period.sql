-- name:    known_period
-- what:    The dates a file gives, as periods.
-- params:
-- returns: nothing
create or replace temp table known_period as
select
    cadence::varchar as cadence,
    given::varchar::date as given,
    period_start::varchar::date as period_start,
    period_end::varchar::date as period_end,
    code::varchar as code,
    wanted::varchar as wanted
from known_period_text
