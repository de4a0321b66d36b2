-- name:    kept
-- what:    An empty table for the checked rows of several files.
-- params:
-- returns: nothing
create or replace temp table kept_row (
    file bigint,
    unit varchar,
    indicator varchar,
    given date,
    value double,
    numerator double,
    denominator double
)
