-- name:    ready
-- what:    The staged rows that hold a figure, with the first day of their period; a ratio's value is worked out
--          where only its parts are given.
-- params:
-- returns: nothing
create or replace temp view ready as
select
    stage.line,
    stage.unit,
    stage.indicator,
    known_period.period_start,
    coalesce(stage.value, stage.numerator / nullif(stage.denominator, 0) * known_indicator.scale) as value,
    stage.numerator,
    stage.denominator
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
inner join known_period
    on known_period.cadence = known_indicator.cadence and known_period.given = stage.given
