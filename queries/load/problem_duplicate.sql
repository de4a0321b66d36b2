-- name:    problem_duplicate
-- what:    Rows whose unit, indicator and date were given before or after in the same file. `equal` says whether all
--          of a key's rows hold the same figures, `place` counts them, `first_line` is the first.
-- params:
-- returns: line BIGINT, unit VARCHAR, indicator VARCHAR, found VARCHAR, equal BOOLEAN, place BIGINT, first_line BIGINT
with keyed as (
    select
        *,
        count(*) over key as times,
        row_number() over (partition by unit, indicator, given order by line) as place,
        min(line) over key as first_line,
        hash(value, numerator, denominator) as figures
    from stage
    window key as (partition by unit, indicator, given)
)
select
    line,
    unit,
    indicator,
    given::varchar as found,
    min(figures) over (partition by unit, indicator, given) = max(figures) over (partition by unit, indicator, given) as equal,
    place,
    first_line
from keyed
where times > 1
order by line
