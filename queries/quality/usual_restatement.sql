-- name:    usual_restatement
-- what:    Of figures that have settled: what was known of them at an age, and what is known now; one row an indicator
--          and age (periods back from the newest), with the sums that growth and spread are made of. `figure_age`
--          says at which moment a period's figures were so old. Figures that were not known by then do not count.
-- params:  known_at TIMESTAMP
-- returns: indicator VARCHAR, age BIGINT, early DOUBLE, late DOUBLE, early_squared DOUBLE, product DOUBLE,
--          late_squared DOUBLE
with early as (
    select
        observation.unit,
        observation.indicator,
        observation.period_start,
        figure_age.age,
        observation.value,
        observation.superseded_at
    from observation
    inner join figure_age on figure_age.period_start = observation.period_start
    where observation.recorded_at <= figure_age.moment
        and (observation.superseded_at is null or observation.superseded_at > figure_age.moment)
),
changed as (
    select
        early.indicator,
        early.age,
        early.value as early,
        late.value as late
    from early
    inner join observation as late
        on late.unit = early.unit
        and late.indicator = early.indicator
        and late.period_start = early.period_start
    where early.superseded_at <= $known_at
        and late.recorded_at <= $known_at
        and (late.superseded_at is null or late.superseded_at > $known_at)
),
pair as (
    select indicator, age, early, late
    from changed
    union all
    select indicator, age, value, value
    from early
    where superseded_at is null or superseded_at > $known_at
)
select
    indicator,
    age,
    sum(early) as early,
    sum(late) as late,
    sum(early * early) as early_squared,
    sum(early * late) as product,
    sum(late * late) as late_squared
from pair
group by indicator, age
order by indicator, age
