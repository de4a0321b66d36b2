-- name:    stage_rows
-- what:    The rows of the careful reader with their line numbers, typed as the fast way types them; what does not fit
--          is null here and named by problem_number and problem_date.
-- params:
-- returns: nothing
insert into stage
with typed as (
    select
        careful_row.line,
        careful_row.unit,
        careful_row.indicator,
        known_date.day as given,
        try_cast(careful_row.value as double) as value,
        try_cast(careful_row.numerator as double) as numerator,
        try_cast(careful_row.denominator as double) as denominator
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
