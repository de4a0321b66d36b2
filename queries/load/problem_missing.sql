-- name:    problem_missing
-- what:    Empty cells over a figure that the store holds; of a ratio 0 of 0 `held` is null.
-- params:  most BIGINT
-- returns: line BIGINT, unit VARCHAR, indicator VARCHAR, found VARCHAR, held DOUBLE, held_of DOUBLE
select
    ready.line,
    ready.unit,
    ready.indicator,
    ready.period_start::varchar as found,
    observation.value as held,
    observation.denominator as held_of
from ready
inner join observation
    on observation.unit = ready.unit
    and observation.indicator = ready.indicator
    and observation.period_start = ready.period_start
    and observation.superseded_at is null
where ready.value is null and ready.denominator is null
order by all
limit $most
