-- name:    close_changed
-- what:    Ends the figures that the changed rows replace.
-- params:  recorded_at TIMESTAMP
-- returns: nothing
update observation
set superseded_at = $recorded_at
from changed
where changed.restates
    and observation.superseded_at is null
    and observation.unit = changed.unit
    and observation.indicator = changed.indicator
    and observation.period_start = changed.period_start
