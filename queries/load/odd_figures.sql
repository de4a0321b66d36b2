-- name:    odd_figures
-- what:    How many rows hold a figure that some indicator may not have: negative, not finite, divided by 0.
-- params:
-- returns: rows BIGINT
select count(*) as rows
from stage
where value < 0
    or numerator < 0
    or denominator <= 0
    or not isfinite(value)
    or not isfinite(numerator)
    or not isfinite(denominator)
