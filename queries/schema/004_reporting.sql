-- name:    004_reporting
-- what:    The schema of the read-only views that other programs use.
-- params:
-- returns: nothing
create schema reporting
