-- name:    force_totals
-- what:    What the units of each team in `season_cell` returned together in each period, over what those that
--          returned usually have, as known at a moment. `since` is the first day from which a cell's figures compare.
-- params:  known_at TIMESTAMP, last DATE
-- returns: team BIGINT, period_start DATE, relative DOUBLE
select
    season_cell.team,
    observation.period_start,
    sum(observation.value) / sum(season_cell.usual) as relative
from observation
inner join season_cell on season_cell.unit = observation.unit and season_cell.indicator = observation.indicator
where observation.recorded_at <= $known_at
    and (observation.superseded_at is null or observation.superseded_at > $known_at)
    and observation.period_start >= season_cell.since
    and observation.period_start <= $last
    and observation.value is not null
group by season_cell.team, observation.period_start
order by season_cell.team, observation.period_start
