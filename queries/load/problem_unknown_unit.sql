-- name:    problem_unknown_unit
-- what:    Rows of units that units.csv does not name.
-- params:  most BIGINT
-- returns: line BIGINT, found VARCHAR
select distinct
    stage.line,
    coalesce(stage.unit, '') as found
from stage
anti join known_unit on known_unit.unit = stage.unit
order by all
limit $most
