-- name:    span
-- what:    The first and last day of every window, one row a cadence.
-- params:
-- returns: nothing
create or replace temp table span as
select
    cadence::varchar as cadence,
    week_first::varchar::date as week_first,
    week_last::varchar::date as week_last,
    week_year_ago_first::varchar::date as week_year_ago_first,
    week_year_ago_last::varchar::date as week_year_ago_last,
    four_weeks_first::varchar::date as four_weeks_first,
    four_weeks_last::varchar::date as four_weeks_last,
    four_weeks_year_ago_first::varchar::date as four_weeks_year_ago_first,
    four_weeks_year_ago_last::varchar::date as four_weeks_year_ago_last,
    year_to_date_first::varchar::date as year_to_date_first,
    year_to_date_last::varchar::date as year_to_date_last,
    year_to_date_year_ago_first::varchar::date as year_to_date_year_ago_first,
    year_to_date_year_ago_last::varchar::date as year_to_date_year_ago_last,
    rolling_year_first::varchar::date as rolling_year_first,
    rolling_year_last::varchar::date as rolling_year_last,
    rolling_year_year_ago_first::varchar::date as rolling_year_year_ago_first,
    rolling_year_year_ago_last::varchar::date as rolling_year_year_ago_last
from span_text
