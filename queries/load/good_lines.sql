-- name:    good_lines
-- what:    How many lines of the staged file could be taken if the refused ones were left out.
-- params:
-- returns: lines BIGINT
select count(distinct stage.line) as lines
from stage
semi join known_unit on known_unit.unit = stage.unit
semi join known_indicator on known_indicator.indicator = stage.indicator
where stage.line not in (select line from refused_line)
