-- name:    problem_unit_dates
-- what:    Rows of a unit outside the days for which units.csv holds it valid.
-- params:
-- returns: line BIGINT, unit VARCHAR, found VARCHAR
select stage.line, stage.unit, stage.given::varchar as found
from stage
semi join known_unit on known_unit.unit = stage.unit
where not exists (
    select 1
    from known_unit
    where known_unit.unit = stage.unit
        and stage.given >= coalesce(known_unit.valid_from, date '0001-01-01')
        and stage.given <= coalesce(known_unit.valid_to, date '9999-12-31')
)
order by all
