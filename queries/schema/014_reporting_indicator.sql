-- name:    014_reporting_indicator
-- what:    The indicators as they were at the last load, one row a row of indicators.csv.
-- params:
-- returns: nothing
create view reporting.indicator as
select
    indicator,
    name,
    definition,
    kind,
    tier,
    scope,
    better,
    unit_of_measure,
    per,
    cadence,
    aggregate,
    roll_up,
    owner,
    reviewed,
    review_by
from main.described_indicator
