-- name:    known_indicator
-- what:    The indicators of the workspace with what the checks ask of them.
-- params:
-- returns: nothing
create or replace temp table known_indicator as
select
    indicator::varchar as indicator,
    cadence::varchar as cadence,
    is_ratio::boolean as is_ratio,
    non_negative::boolean as non_negative,
    scale::double as scale
from known_indicator_text
