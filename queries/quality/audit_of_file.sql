-- name:    audit_of_file
-- what:    The audit that this very file was recorded as.
-- params:  sha256 VARCHAR
-- returns: audit VARCHAR
select distinct audit_id as audit
from audit
where sha256 = $sha256
order by audit
