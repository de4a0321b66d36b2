-- name:    stage_stored
-- what:    What was just put into an empty store, as if it were staged: the checks read it like any other.
-- params:
-- returns: nothing
create temp view stage as
select
    null::bigint as line,
    unit,
    indicator,
    period_start as given,
    value,
    numerator,
    denominator
from observation
