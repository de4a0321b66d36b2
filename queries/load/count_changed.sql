-- name:    count_changed
-- what:    How many figures are new, restated and withdrawn.
-- params:
-- returns: added BIGINT, restated BIGINT, withdrawn BIGINT
select
    count(*) filter (where not restates) as added,
    count(*) filter (where restates and (value is not null or denominator is not null)) as restated,
    count(*) filter (where restates and value is null and denominator is null) as withdrawn
from changed
