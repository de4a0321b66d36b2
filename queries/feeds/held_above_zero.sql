-- name:    held_above_zero
-- what:    The staged zeros of units that an extract does not name, where the store holds a figure above 0: how many a
--          unit, and the newest of them.
-- params:
-- returns: unit VARCHAR, cells BIGINT, indicator VARCHAR, period_start DATE, held DOUBLE
select
    stage.unit,
    count(*) as cells,
    max_by(stage.indicator, (stage.given, stage.indicator)) as indicator,
    max(stage.given) as period_start,
    max_by(coalesce(observation.value, observation.numerator), (stage.given, stage.indicator)) as held
from stage
inner join observation
    on observation.unit = stage.unit
    and observation.indicator = stage.indicator
    and observation.period_start = stage.given
    and observation.superseded_at is null
semi join absent_unit on absent_unit.unit = stage.unit
where coalesce(observation.value, 0) > 0
    or coalesce(observation.numerator, 0) > 0
group by stage.unit
order by stage.unit
