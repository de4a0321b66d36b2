-- name:    problem_duplicate
-- what:    Rows whose unit, indicator and date are given more than once in the file. `equal` says whether all of a
--          key's rows hold the same figures; then the first is no problem. `first_line` is the line of that.
-- params:  most BIGINT
-- returns: line BIGINT, unit VARCHAR, indicator VARCHAR, found VARCHAR, equal BOOLEAN, times BIGINT, first_line BIGINT
with keyed as (
    select
        *,
        count(*) over key as times,
        row_number() over (partition by unit, indicator, given order by line) as place,
        min(line) over key as first_line,
        min(hash(value, numerator, denominator)) over key = max(hash(value, numerator, denominator)) over key as equal
    from stage
    where given is not null
    window key as (partition by unit, indicator, given)
)
select
    line,
    unit,
    indicator,
    given::varchar as found,
    equal,
    times,
    first_line
from keyed
where times > 1 and not (equal and place = 1)
order by line
limit $most
