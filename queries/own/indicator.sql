-- name:    indicator
-- what:    The indicators, one row a row of indicators.csv.
-- params:
-- returns: nothing
create table reporting.indicator as
select
    indicator::varchar as indicator,
    name::varchar as name,
    kind::varchar as kind,
    tier::varchar as tier,
    better::varchar as better,
    unit_of_measure::varchar as unit_of_measure,
    per::double as per,
    cadence::varchar as cadence,
    aggregate::varchar as aggregate
from indicator_text
