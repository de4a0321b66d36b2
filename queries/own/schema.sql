-- name:    schema
-- what:    The schema of what a team's own rules read.
-- params:
-- returns: nothing
create schema if not exists reporting
