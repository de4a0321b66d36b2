-- name:    011_described_unit
-- what:    The rows of units.csv as they were at the last load, for the views that other programs use.
-- params:
-- returns: nothing
create table described_unit (
    unit varchar,
    name varchar,
    level varchar,
    parent varchar,
    commander varchar,
    family varchar,
    population double,
    valid_from date,
    valid_to date
)
