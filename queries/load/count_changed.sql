-- name:    count_changed
-- what:    How many figures are new, restated and withdrawn, and since when the newest restated one is held.
-- params:
-- returns: added BIGINT, restated BIGINT, withdrawn BIGINT, held_since TIMESTAMP
select
    count(*) filter (where not restates) as added,
    count(*) filter (where restates and (value is not null or denominator is not null)) as restated,
    count(*) filter (where restates and value is null and denominator is null) as withdrawn,
    max(held_since) as held_since
from changed
