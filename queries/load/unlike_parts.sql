-- name:    unlike_parts
-- what:    How many rows of ratios have a value that is more than `most_off` away from what their parts give.
-- params:  most_off DOUBLE
-- returns: rows BIGINT
select count(*) as rows
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
where known_indicator.is_ratio
    and stage.value is not null
    and stage.denominator is not null
    and abs(stage.value - stage.numerator / nullif(stage.denominator, 0) * known_indicator.scale) > $most_off
