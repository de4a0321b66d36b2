-- name:    insert_csv
-- what:    A whole long CSV file straight into the store, its dates the periods' first days; a ratio's value is
--          what its parts give. Fails on the first cell that does not fit, and where a ratio's value is more than
--          `most_off` away from that. To be checked afterwards.
-- params:  path VARCHAR, types STRUCT, batch_id VARCHAR, recorded_at TIMESTAMP, most_off DOUBLE
-- returns: nothing
insert into observation
select
    given.unit,
    given.indicator,
    given.given,
    case
        when not known_indicator.is_ratio then given.value
        when abs(given.value - given.numerator / nullif(given.denominator, 0) * known_indicator.scale) > $most_off
            then error('a value that its parts do not give')
        else coalesce(given.numerator / nullif(given.denominator, 0) * known_indicator.scale, given.value)
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
