-- name:    ready
-- what:    The staged rows that fit their period, with its first day; a ratio's value is what its parts give, whatever
--          rounding of it stands beside them.
-- params:
-- returns: nothing
create or replace temp view ready as
select
    stage.line,
    stage.unit,
    stage.indicator,
    known_period.period_start,
    case
        when known_indicator.is_ratio
            then coalesce(stage.numerator / nullif(stage.denominator, 0) * known_indicator.scale, stage.value)
        else stage.value
    end as value,
    stage.numerator,
    stage.denominator,
    known_indicator.is_ratio
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
inner join known_period
    on known_period.cadence = known_indicator.cadence and known_period.given = stage.given
where known_period.code is null
