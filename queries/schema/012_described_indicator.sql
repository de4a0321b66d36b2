-- name:    012_described_indicator
-- what:    The rows of indicators.csv as they were at the last load, for the views that other programs use.
-- params:
-- returns: nothing
create table described_indicator (
    indicator varchar,
    name varchar,
    definition varchar,
    kind varchar,
    tier varchar,
    scope varchar,
    better varchar,
    unit_of_measure varchar,
    per double,
    cadence varchar,
    aggregate varchar,
    roll_up varchar,
    owner varchar,
    reviewed date,
    review_by date
)
