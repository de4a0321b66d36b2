-- name:    stage_csv
-- what:    A whole long CSV file as typed rows; fails on the first cell that does not fit, and the careful reader
--          then says which. Line numbers are not known here.
-- params:  path VARCHAR, types STRUCT
-- returns: nothing
insert into stage by name
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
