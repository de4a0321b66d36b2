-- name:    known_date
-- what:    What a file writes for a day, and the day.
-- params:
-- returns: nothing
create or replace temp table known_date as
select
    said::varchar as said,
    day::varchar::date as day
from known_date_text
