-- name:    changed
-- what:    The staged rows that tell the store something: new figures, other figures, figures taken back. A ratio of the
--          same parts is the same, however its value was rounded. `last_moment` is the newest moment that the store
--          knows of such a cell, which none may be recorded at or before.
-- params:  recorded_at TIMESTAMP, most_off DOUBLE
-- returns: nothing
create or replace temp table changed as
with near as (
    select *
    from observation
    where (superseded_at is null or superseded_at > $recorded_at)
        and period_start between
            (select min(period_start) from known_period where code is null)
            and (select max(period_start) from known_period where code is null)
),
held as (
    select *
    from near
    where superseded_at is null
),
closed_later as (
    select
        unit,
        indicator,
        period_start,
        max(superseded_at) as last_moment
    from near
    where superseded_at is not null
    group by unit, indicator, period_start
)
select
    ready.*,
    held.unit is not null as restates,
    greatest(held.recorded_at, closed_later.last_moment) as last_moment
from ready
left join held
    on held.unit = ready.unit
    and held.indicator = ready.indicator
    and held.period_start = ready.period_start
left join closed_later
    on closed_later.unit = ready.unit
    and closed_later.indicator = ready.indicator
    and closed_later.period_start = ready.period_start
where case
    when held.unit is null then ready.value is not null or ready.denominator is not null
    else (
        held.value is distinct from ready.value
        and not coalesce(ready.is_ratio and abs(held.value - ready.value) <= $most_off, false)
    )
        or held.numerator is distinct from ready.numerator
        or held.denominator is distinct from ready.denominator
end
