-- name:    006_batch_set_aside
-- what:    How many rows of the file a load set aside: only a file taken whole need not be read again.
-- params:
-- returns: nothing
alter table batch add column set_aside bigint default 0
