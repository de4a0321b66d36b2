-- name:    read_csv
-- what:    A whole long CSV file with its figures typed and its dates as they are written.
-- params:  path VARCHAR, types STRUCT
-- returns: nothing
create or replace temp table said_row as
select *
from read_csv(
    $path,
    header = true,
    auto_detect = false,
    delim = ',',
    quote = '"',
    escape = '"',
    hive_partitioning = false,
    columns = $types
)
