-- name:    doubts
-- what:    In how many cells there may be something wrong: only then the rows themselves are looked at. Parts: of a
--          ratio kinds 1 to 5 lack one, of others 2, 4 and 6 lack the value. Empty: kinds 0 and 2. Said twice: kind 7 of a
--          ratio, a value beside the parts that give it.
-- params:
-- returns: unknown_units BIGINT, unknown_indicators BIGINT, repeated BIGINT, parts BIGINT, empty BIGINT,
--          said_twice BIGINT
select
    count(*) filter (where known.unit is null) as unknown_units,
    count(*) filter (where known_indicator.indicator is null) as unknown_indicators,
    count(*) filter (where cell.rows > bit_count(cell.days)) as repeated,
    count(*) filter (where case
        when known_indicator.is_ratio then cell.kinds & (2 + 4 + 8 + 16 + 32)
        else cell.kinds & (4 + 16 + 64)
    end > 0) as parts,
    count(*) filter (where cell.kinds & (1 + 4) > 0) as empty,
    count(*) filter (where known_indicator.is_ratio and cell.kinds & 128 > 0) as said_twice
from cell
left join (select distinct unit from known_unit) as known on known.unit = cell.unit
left join known_indicator on known_indicator.indicator = cell.indicator
