-- name:    problem_unknown_indicator
-- what:    Rows of indicators that indicators.csv does not name.
-- params:  most BIGINT
-- returns: line BIGINT, found VARCHAR
select distinct
    stage.line,
    coalesce(stage.indicator, '') as found
from stage
anti join known_indicator on known_indicator.indicator = stage.indicator
order by all
limit $most
