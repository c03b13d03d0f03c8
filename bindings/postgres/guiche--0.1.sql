\echo Use "CREATE EXTENSION guiche" to load this file. \quit

-- The digest of a policy as textproto; an error with all its problems if it does
-- not compile.
CREATE FUNCTION guiche_digest(textproto text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000;

-- Policies as rows: a dump carries them, and none that does not compile gets in.
-- The functions below take the name of one; the empty name is the row 'default',
-- or if there is none the embedded policy, that of DPE/MT.
CREATE TABLE guiche_policy (
  name text PRIMARY KEY CHECK (name <> ''),
  textproto text NOT NULL CHECK (textproto <> ''),  -- empty would be the embedded policy
  digest text NOT NULL GENERATED ALWAYS AS (guiche_digest(textproto)) STORED
);
SELECT pg_catalog.pg_extension_config_dump('guiche_policy', '');
GRANT SELECT ON guiche_policy TO PUBLIC;

-- Is a service open? NULL where the policy is silent. An empty place is the whole
-- state, an empty service the policy's default.
CREATE FUNCTION guiche_open(
  at timestamptz, place text DEFAULT '', service text DEFAULT '', policy text DEFAULT ''
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

-- The open intervals of [since, until), in order.
CREATE FUNCTION guiche_intervals(
  since timestamptz, until timestamptz,
  place text DEFAULT '', service text DEFAULT '', policy text DEFAULT ''
) RETURNS SETOF tstzrange
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 250;

-- Any question by the name of its method, with the requests and answers of
-- proto/guiche/v1: open, route, decide, check, calendar, policy.
CREATE FUNCTION guiche_call(method text, request jsonb, policy text DEFAULT '') RETURNS jsonb
AS 'MODULE_PATHNAME', 'guiche_sql_call' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;

-- Which unit takes a request.
CREATE FUNCTION guiche_route(
  message text, place text DEFAULT '', facts text[] DEFAULT '{}', policy text DEFAULT ''
) RETURNS jsonb LANGUAGE SQL STABLE STRICT PARALLEL SAFE
RETURN guiche_call('route', pg_catalog.jsonb_build_object('text', message, 'place', place, 'facts', facts), policy);

-- Which unit takes it, whether its window is open, and the reply.
CREATE FUNCTION guiche_decide(request jsonb, policy text DEFAULT '') RETURNS jsonb
LANGUAGE SQL STABLE STRICT PARALLEL SAFE
RETURN guiche_call('decide', request, policy);
