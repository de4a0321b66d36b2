-- name:    sign_off
-- what:    The newest sign-off of a week made by a moment that nothing recorded since has reopened: a figure of this
--          week or an earlier one that came after what the signer had seen does so.
-- params:  cycle VARCHAR, week_start DATE, as_of TIMESTAMP
-- returns: signed_by VARCHAR, signed_at TIMESTAMP, known_at TIMESTAMP, note VARCHAR
select
    sign_off.signed_by,
    sign_off.signed_at,
    sign_off.known_at,
    sign_off.note
from sign_off
where sign_off.cycle = $cycle
    and sign_off.week_start = $week_start
    and sign_off.signed_at <= $as_of
    and not exists (
        select 1
        from observation
        where observation.recorded_at > sign_off.known_at
            and observation.recorded_at <= $as_of
            and observation.period_start <= sign_off.week_start
    )
order by sign_off.signed_at desc
limit 1
