-- name:    problem_period
-- what:    Rows whose date is no period of their indicator, or lies in the future. A wide file's empty cell says nothing
--          of an indicator that another row of the same columns is for.
-- params:  is_long BOOLEAN, most BIGINT
-- returns: line BIGINT, code VARCHAR, found VARCHAR, wanted VARCHAR
select distinct
    stage.line,
    known_period.code,
    stage.given::varchar as found,
    known_period.wanted
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
inner join known_period
    on known_period.cadence = known_indicator.cadence and known_period.given = stage.given
where known_period.code is not null
    and ($is_long or stage.value is not null)
order by all
limit $most
