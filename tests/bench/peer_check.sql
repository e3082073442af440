-- One check, which each connection prepares once (scripts/bench). Of each item that is asked, the latest statement that
-- covers it decides. Parameters: the subject's number, provider, recipient, purpose, the items, the case, the line.
PREPARE check_and_log (bytea, text, text, text, text[], text, bytea) AS
WITH serving AS MATERIALIZED (
    SELECT id, refusal, categories, given_at
    FROM statement
    WHERE subject = subject_of ($1) AND purpose = $4 AND $2 = ANY (providers) AND $3 = ANY (recipients)
        AND case_ref IN ('', $6) AND withdrawn_at IS NULL AND valid_until > now ()
), answer AS MATERIALIZED (
    SELECT item, latest.id AS consent, latest.id IS NOT NULL AND NOT latest.refusal AS permitted
    FROM unnest ($5) AS item LEFT JOIN LATERAL (
        SELECT id, refusal FROM serving WHERE item = ANY (categories) ORDER BY given_at DESC LIMIT 1
    ) AS latest ON true
), written AS (
    INSERT INTO log (made_at, subject, consents, line)
    SELECT now (), subject_of ($1), array_agg (consent) FILTER (WHERE permitted), $7 FROM answer
    RETURNING number, consents
)
SELECT number, consents, (SELECT bool_and (permitted) FROM answer) FROM written;
