-- name:    steps
-- what:    Every step signed for a cycle's units by a moment, in weeks up to one; the newest of a unit's ladder last.
-- params:  cycle VARCHAR, week_start DATE, as_of TIMESTAMP
-- returns: ladder VARCHAR, unit VARCHAR, week_start DATE, step VARCHAR, reason VARCHAR, refused VARCHAR,
--          proposed VARCHAR, signed_by VARCHAR, entered_by VARCHAR, signed_at TIMESTAMP
select
    ladder,
    unit,
    week_start,
    step,
    reason,
    refused,
    proposed,
    signed_by,
    entered_by,
    signed_at
from ladder_step
where cycle = $cycle
    and week_start <= $week_start
    and signed_at <= $as_of
order by ladder, unit, signed_at, rowid
