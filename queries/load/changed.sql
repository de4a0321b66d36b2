-- name:    changed
-- what:    The staged rows that tell the store something: new figures, other figures, figures taken back.
-- params:
-- returns: nothing
create or replace temp table changed as
select
    ready.*,
    held.unit is not null as restates,
    held.recorded_at as held_since
from ready
left join (
    select *
    from observation
    where superseded_at is null
        and period_start between
            (select min(period_start) from known_period where code is null)
            and (select max(period_start) from known_period where code is null)
) as held
    on held.unit = ready.unit
    and held.indicator = ready.indicator
    and held.period_start = ready.period_start
where case
    when held.unit is null then ready.value is not null or ready.denominator is not null
    else held.value is distinct from ready.value
        or held.numerator is distinct from ready.numerator
        or held.denominator is distinct from ready.denominator
end
