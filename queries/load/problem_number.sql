-- name:    problem_number
-- what:    Cells of the careful reader that hold a figure and are no finite number.
-- params:  most BIGINT
-- returns: line BIGINT, figure VARCHAR, indicator VARCHAR, found VARCHAR
with cell as (
    select line, 'value' as figure, indicator, value as found from careful_row
    union all
    select line, 'numerator' as figure, indicator, numerator as found from careful_row
    union all
    select line, 'denominator' as figure, indicator, denominator as found from careful_row
)
select line, figure, indicator, found
from cell
where found is not null
    and (contains(found, '_') or not coalesce(isfinite(try_cast(found as double)), false))
order by all
limit $most
