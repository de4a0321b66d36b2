-- name:    waivers
-- what:    The waivers given with the sign-off of one moment, in the order of what they are about.
-- params:  cycle VARCHAR, week_start DATE, signed_at TIMESTAMP
-- returns: finding VARCHAR, findings BIGINT, reason VARCHAR, waived_by VARCHAR, waived_at TIMESTAMP
select
    finding,
    findings,
    reason,
    waived_by,
    waived_at
from waiver
where cycle = $cycle
    and week_start = $week_start
    and waived_at = $signed_at
order by finding, reason
