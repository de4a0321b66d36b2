-- name:    describe_indicator
-- what:    Keeps the rows of indicators.csv for the view reporting.indicator.
-- params:
-- returns: nothing
create or replace table described_indicator as
select
    indicator::varchar as indicator,
    name::varchar as name,
    definition::varchar as definition,
    kind::varchar as kind,
    tier::varchar as tier,
    scope::varchar as scope,
    better::varchar as better,
    unit_of_measure::varchar as unit_of_measure,
    per::double as per,
    cadence::varchar as cadence,
    aggregate::varchar as aggregate,
    roll_up::varchar as roll_up,
    owner::varchar as owner,
    reviewed::varchar::date as reviewed,
    review_by::varchar::date as review_by
from described_indicator_text
