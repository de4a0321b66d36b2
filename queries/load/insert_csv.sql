-- name:    insert_csv
-- what:    A whole long CSV file straight into the store, its dates the periods' first days; a ratio's value is worked
--          out where only its parts are given. Fails on the first cell that does not fit. To be checked afterwards.
-- params:  path VARCHAR, types STRUCT, batch_id VARCHAR, recorded_at TIMESTAMP
-- returns: nothing
insert into observation
select
    given.unit,
    given.indicator,
    given.given,
    case
        when known_indicator.is_ratio
            then coalesce(given.value, given.numerator / nullif(given.denominator, 0) * known_indicator.scale)
        else given.value
    end,
    given.numerator,
    given.denominator,
    $batch_id,
    $recorded_at,
    null
from (
    select *
    from read_csv(
        $path,
        header = true,
        auto_detect = false,
        delim = ',',
        quote = '"',
        escape = '"',
        dateformat = '%Y-%m-%d',
        hive_partitioning = false,
        columns = $types
    )
    union all by name
    select unit, indicator, given, value, numerator, denominator
    from stage
    where false
) as given
left join known_indicator on known_indicator.indicator = given.indicator
