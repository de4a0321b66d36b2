-- name:    stage_rows
-- what:    The rows of the careful reader with their line numbers, typed as the fast way types them; what does not fit
--          is null here and named by problem_number and problem_date. 1_204 is a number to a cast alone.
-- params:
-- returns: nothing
insert into stage
with typed as (
    select
        careful_row.line,
        careful_row.unit,
        careful_row.indicator,
        known_date.day as given,
        case when not contains(careful_row.value, '_') then try_cast(careful_row.value as double) end as value,
        case when not contains(careful_row.numerator, '_') then try_cast(careful_row.numerator as double) end as numerator,
        case when not contains(careful_row.denominator, '_') then try_cast(careful_row.denominator as double) end as denominator
    from careful_row
    left join known_date on known_date.said = careful_row.given
)
select
    line,
    unit,
    indicator,
    given,
    case when isfinite(value) then value end,
    case when isfinite(numerator) then numerator end,
    case when isfinite(denominator) then denominator end
from typed
