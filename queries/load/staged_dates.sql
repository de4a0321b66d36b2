-- name:    staged_dates
-- what:    The days that the indicators of each cadence are given for, a 1 or 0 a day after the first.
-- params:
-- returns: cadence VARCHAR, days VARCHAR
select
    known_indicator.cadence,
    bit_or(cell.days)::varchar as days
from cell
inner join known_indicator on known_indicator.indicator = cell.indicator
where cell.days is not null
group by known_indicator.cadence
order by known_indicator.cadence
