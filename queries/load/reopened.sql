-- name:    reopened
-- what:    The signed-off weeks that a batch opens again, newest first: their last sign-off stood until a figure of that
--          week or an earlier one came with this batch, after what the signer had seen.
-- params:  batch_id VARCHAR
-- returns: cycle VARCHAR, week_start DATE
with signed as (
    select cycle, week_start, known_at
    from sign_off
    qualify row_number() over (partition by cycle, week_start order by signed_at desc) = 1
),
later as (
    select
        batch_id = $batch_id as of_this,
        recorded_at,
        min(period_start) as first
    from observation
    where recorded_at > (select min(known_at) from signed)
    group by all
)
select signed.cycle, signed.week_start
from signed
inner join later
    on later.recorded_at > signed.known_at
    and later.first <= signed.week_start
group by signed.cycle, signed.week_start
having bool_and(later.of_this)
order by signed.week_start desc, signed.cycle
