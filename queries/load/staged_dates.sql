-- name:    staged_dates
-- what:    Every date given and the cadence of the indicators given for it.
-- params:
-- returns: given DATE, cadence VARCHAR
select distinct
    stage.given,
    known_indicator.cadence
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
order by all
