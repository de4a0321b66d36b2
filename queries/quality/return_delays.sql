-- name:    return_delays
-- what:    How many days after its period began each cell's newest return was first recorded, and how many its earlier
--          ones: median, median distance from it, how many. Of a load that holds several periods only its newest tells
--          how long a return took; the newest period always counts. `scope` holds the cells.
-- params:  cadence VARCHAR, known_at TIMESTAMP, first DATE, last DATE
-- returns: cell INTEGER, recorded_at TIMESTAMP, days BIGINT, usual DOUBLE, spread DOUBLE, periods BIGINT
with first_known as (
    select
        scope.cell,
        observation.period_start,
        min(observation.recorded_at) as recorded_at,
        arg_min(observation.batch_id, observation.recorded_at) as batch_id
    from observation
    inner join scope on scope.unit = observation.unit and scope.indicator = observation.indicator
    where scope.cadence = $cadence
        and observation.recorded_at <= $known_at
        and observation.period_start between $first and $last
    group by scope.cell, observation.period_start
),
newest_of_load as (
    select
        cell,
        period_start,
        recorded_at,
        date_diff('day', period_start, recorded_at::date) as days,
        period_start = max(period_start) over (partition by cell, batch_id) as is_newest
    from first_known
)
select
    cell,
    max(case when period_start = $last then recorded_at end) as recorded_at,
    max(case when period_start = $last then days end) as days,
    median(case when is_newest and period_start < $last then days end) as usual,
    mad(case when is_newest and period_start < $last then days::double end) as spread,
    count(case when is_newest and period_start < $last then 1 end) as periods
from newest_of_load
group by cell
having max(case when period_start = $last then days end) is not null
order by cell
