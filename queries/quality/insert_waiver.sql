-- name:    insert_waiver
-- what:    Records that findings of a week were waived, and why.
-- params:  cycle VARCHAR, week_start DATE, finding VARCHAR, findings BIGINT, reason VARCHAR, waived_by VARCHAR,
--          waived_at TIMESTAMP
-- returns: nothing
insert into waiver
values ($cycle, $week_start, $finding, $findings, $reason, $waived_by, $waived_at)
