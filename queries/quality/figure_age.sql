-- name:    figure_age
-- what:    The moments at which the figures of settled periods were as old as those of the newest window are now.
-- params:
-- returns: nothing
create or replace temp table figure_age as
select
    period_start::varchar::date as period_start,
    age::bigint as age,
    moment::varchar::timestamp as moment
from figure_age_text
