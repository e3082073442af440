-- The tables of a PostgreSQL that does the job of a check, and the function that fills them (scripts/bench).
-- Nobody has the numbers that its subjects have.

-- The subject of a number, as a keyed hash, so that a list of all numbers finds nobody.
CREATE FUNCTION subject_of (number bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256 ('\x2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe'::bytea || number)
$$;

-- A consent or a refusal, with what the registry keeps of one.
CREATE TABLE statement (
    subject bytea NOT NULL,
    id bytea NOT NULL,
    refusal boolean NOT NULL,
    purpose text NOT NULL,
    providers text[] NOT NULL,
    recipients text[] NOT NULL,
    categories text[] NOT NULL,
    case_ref text NOT NULL,
    given_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    withdrawn_at timestamptz,
    motivation text NOT NULL,
    form text NOT NULL,
    evidence_reference text NOT NULL,
    evidence_sha256 bytea NOT NULL,
    notice_id text NOT NULL,
    notice_version text NOT NULL,
    notice_language text NOT NULL,
    notice_given_at timestamptz NOT NULL,
    signers text[] NOT NULL,
    recorded_by text NOT NULL,
    acting_user text NOT NULL
);

CREATE TABLE log (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at timestamptz NOT NULL,
    subject bytea NOT NULL,
    consents bytea[] NOT NULL,
    line bytea NOT NULL
);

-- Adds so many consents of so many people, the first of whom is `first`. Those of one person lie together, which is
-- the best order for finding them.
CREATE FUNCTION grow (first bigint, people bigint, consents bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO statement
    SELECT subject_of (to_char (first + i % people, 'FM000000000')::bytea), uuid_send (gen_random_uuid ()), false,
        CASE WHEN i < people THEN 'toekenning' ELSE 'registratie-hulpvraag' END,
        '{kernteam}', '{zorgaanbieder-horizon}',
        CASE WHEN i < people THEN '{naw,bsn,geboortedatum,toewijzing,periode}'::text[]
             ELSE '{naw,bsn,geboortedatum,geslacht,telefoon}' END,
        CASE WHEN i < people THEN '' ELSE 'zaak-' || i END,
        now (), now () + interval '180 days', NULL, 'hulp bij het huishouden', 'written', 'formulier-1',
        decode (repeat ('01', 32), 'hex'), 'folder', '1', 'nl', now (), '{subject}', 'kernteam', 'bench'
    FROM generate_series (0, consents - 1) AS i
    ORDER BY i % people, i
$$;

CREATE INDEX ON statement (subject);
