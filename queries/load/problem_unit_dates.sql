-- name:    problem_unit_dates
-- what:    Rows of a unit for a period of which units.csv does not hold it valid on any day.
-- params:  most BIGINT
-- returns: line BIGINT, unit VARCHAR, found VARCHAR
select distinct
    stage.line,
    stage.unit,
    stage.given::varchar as found
from stage
semi join known_unit on known_unit.unit = stage.unit
inner join known_indicator on known_indicator.indicator = stage.indicator
inner join known_period
    on known_period.cadence = known_indicator.cadence and known_period.given = stage.given
where not exists (
    select 1
    from known_unit
    where known_unit.unit = stage.unit
        and known_period.period_end >= coalesce(known_unit.valid_from, date '0001-01-01')
        and known_period.period_start <= coalesce(known_unit.valid_to, date '9999-12-31')
)
order by all
limit $most
