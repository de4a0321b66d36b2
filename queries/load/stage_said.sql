-- name:    stage_said
-- what:    The typed rows with their dates read.
-- params:
-- returns: nothing
insert into stage by name
select said_row.* exclude (given), known_date.day as given
from said_row
inner join known_date on known_date.said = said_row.given
