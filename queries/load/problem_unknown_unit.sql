-- name:    problem_unknown_unit
-- what:    Rows of units that units.csv does not name.
-- params:
-- returns: line BIGINT, found VARCHAR
select stage.line, coalesce(stage.unit, '') as found
from stage
anti join known_unit on known_unit.unit = stage.unit
order by all
