-- name:    insert_step
-- what:    Records that a step of the ladder was signed for a unit.
-- params:  cycle VARCHAR, ladder VARCHAR, unit VARCHAR, week_start DATE, step VARCHAR, reason VARCHAR, refused VARCHAR,
--          proposed VARCHAR, signed_by VARCHAR, entered_by VARCHAR, signed_at TIMESTAMP
-- returns: nothing
insert into ladder_step
values (
    $cycle, $ladder, $unit, $week_start, $step, $reason, $refused, $proposed, $signed_by, $entered_by, $signed_at
)
