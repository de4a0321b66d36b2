-- name:    last_sign_off
-- what:    The newest sign-off of a week made by a moment, whether or not a later figure has opened the week again.
-- params:  cycle VARCHAR, week_start DATE, as_of TIMESTAMP
-- returns: signed_by VARCHAR, signed_at TIMESTAMP, known_at TIMESTAMP, note VARCHAR
select
    signed_by,
    signed_at,
    known_at,
    note
from sign_off
where cycle = $cycle
    and week_start = $week_start
    and signed_at <= $as_of
order by signed_at desc
limit 1
