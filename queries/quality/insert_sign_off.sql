-- name:    insert_sign_off
-- what:    Records that a week's data were found fit.
-- params:  cycle VARCHAR, week_start DATE, signed_by VARCHAR, signed_at TIMESTAMP, known_at TIMESTAMP, note VARCHAR
-- returns: nothing
insert into sign_off
values ($cycle, $week_start, $signed_by, $signed_at, $known_at, $note)
