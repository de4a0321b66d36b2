-- name:    ready_by_start
-- what:    The same where the dates given are the periods' first days, and those that are not have been refused.
-- params:
-- returns: nothing
create or replace temp view ready as
select
    stage.line,
    stage.unit,
    stage.indicator,
    stage.given as period_start,
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
