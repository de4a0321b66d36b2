-- name:    set_aside
-- what:    Takes the refused lines out of the staged rows.
-- params:
-- returns: nothing
delete from stage
where line in (select line from refused_line)
