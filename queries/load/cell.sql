-- name:    cell
-- what:    One row a unit and indicator of the staged rows, in one pass over them: how many have a date, which days
--          (a bit a day after the first) and which kinds of rows there are (bit 1: with a value, 2: with a numerator,
--          4: with a denominator; a row's sum of these is its kind). The checks ask this much smaller table first.
-- params:  first DATE, days BIGINT
-- returns: nothing
create or replace temp table cell as
select
    unit,
    indicator,
    count(given) as rows,
    bitstring_agg((given - $first)::integer, 0, $days::integer) as days,
    bit_or(1 << (
        (value is not null)::integer
        + 2 * (numerator is not null)::integer
        + 4 * (denominator is not null)::integer
    )) as kinds
from stage
group by unit, indicator
