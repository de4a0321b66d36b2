-- name:    returned
-- what:    Every unit and indicator with a return between two days, as known at a moment, and its first period ever.
-- params:  known_at TIMESTAMP, first DATE, last DATE
-- returns: unit VARCHAR, indicator VARCHAR, first_return DATE
select
    unit,
    indicator,
    min(period_start) as first_return
from observation
where recorded_at <= $known_at
    and (superseded_at is null or superseded_at > $known_at)
    and period_start between $first and $last
group by unit, indicator
order by unit, indicator
