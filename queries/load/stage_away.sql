-- name:    stage_away
-- what:    Makes room for a view of the staging table's name.
-- params:
-- returns: nothing
drop table stage
