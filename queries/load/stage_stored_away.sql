-- name:    stage_stored_away
-- what:    The view of what was stored is done with.
-- params:
-- returns: nothing
drop view stage
