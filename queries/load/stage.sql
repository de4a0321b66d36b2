-- name:    stage
-- what:    An empty table for the rows of one file, before anything is believed of them.
-- params:
-- returns: nothing
create or replace temp table stage (
    line bigint,
    unit varchar,
    indicator varchar,
    given date,
    value double,
    numerator double,
    denominator double
)
