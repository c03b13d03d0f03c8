CREATE EXTENSION guiche;
SET timezone = 'America/Cuiaba';

-- Hours of the embedded policy: half-open, closed on a holiday, silent before it began.
SELECT at, guiche_open(at, 'Sinop') FROM (VALUES
  ('2026-03-05 11:59:59.999999-04'::timestamptz),
  ('2026-03-05 12:00-04'),
  ('2026-03-05 17:59:59.999999-04'),
  ('2026-03-05 18:00-04'),
  ('2026-06-04 13:00-04'),
  ('2022-09-11 13:00-04'),
  ('infinity'),
  ('-infinity'),
  (NULL)) AS t (at);

-- As people write it, by code, by the whole state; each column its own value.
SELECT place, guiche_open('2026-03-05 13:00-04', place)
FROM (VALUES ('SINOP'), ('5107909'), (''), ('Várzea Grande')) AS t (place);
SELECT guiche_open('2026-03-05 13:00-04', 'Nenhures');
SELECT guiche_open('2026-03-05 13:00-04', '', 'nenhum');
SELECT guiche_open('2026-03-05 13:00-04', '', '', 'nenhuma');

SELECT * FROM guiche_intervals('2026-03-05 13:00-04', '2026-03-10 00:00-04', 'Sinop');
SELECT count(*) FROM guiche_intervals('-infinity', '2022-09-12 12:00-04');
SELECT count(*) > 200 FROM guiche_intervals('2026-01-01 00:00-04', '2027-01-01 00:00-04');

-- Both ways agree on every hour of a year.
SELECT count(*), count(*) FILTER (WHERE guiche_open(at, 'Sinop') = (at <@ open)) AS agree
FROM generate_series('2026-01-01 00:00-04'::timestamptz, '2026-12-31 23:00-04', '1 hour') AS at,
  (SELECT range_agg(i) FROM guiche_intervals('2026-01-01 00:00-04', '2027-01-01 00:00-04', 'Sinop') AS i) AS y (open);

-- Requests.
SELECT r ->> 'outcome' AS outcome, r ->> 'need' AS need, r -> 'unit' ->> 'id' <> '' AS unit
FROM guiche_route('preciso de pensão para meu filho', 'Sinop') AS r;
SELECT d -> 'availability' ->> 'state' AS state, d -> 'route' ->> 'area' AS area, d ->> 'reply' <> '' AS reply
FROM guiche_decide('{"text": "preciso de pensão para meu filho", "place": "Sinop", "at": "2026-03-05T13:00:00-04:00"}') AS d;
SELECT guiche_call('open', '{"at": "2026-03-05T13:00:00-04:00", "plaec": "Sinop"}');
SELECT guiche_call('nada', '{}');

-- A policy is a row; what does not compile is none, and the row stays as it was.
INSERT INTO guiche_policy (name, textproto) VALUES ('manhã', $$
  id: "manha" version: "1" title: "Manhã" time_zone: "America/Cuiaba"
  covers_from: "2026-01-01" covers_until: "2028-01-01"
  default_service: "online" default_unit: "central"
  acts { id: "res" kind: RESOLUCAO title: "Resolução 1" url: "https://x/1" }
  places { id: "mt" kind: STATE name: "Mato Grosso" }
  calendar_years { year: 2026 known: true act: "res" }
  calendar_years { year: 2027 known: true act: "res" }
  services {
    id: "online" name: "atendimento" act: "res"
    weekly {
      id: "manha" label: "das 8h às 12h" weekdays: [ MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY ]
      hours { open: "08:00" close: "12:00" } act: "res"
    }
  }
  units { id: "central" kind: CENTRAL name: "Central" place: "mt" act: "res" }
$$);
SELECT name, length(digest) FROM guiche_policy;
SELECT policy, guiche_open('2026-03-05 09:00-04', '', '', policy) AS nine,
  guiche_open('2026-03-05 13:00-04', '', '', policy) AS one
FROM (VALUES (''), ('manhã'), (''), ('manhã')) AS t (policy);
UPDATE guiche_policy SET textproto = replace(textproto, '"12:00"', '"07:00"');
UPDATE guiche_policy SET textproto = 'no policy';
\set VERBOSITY terse
INSERT INTO guiche_policy (name, textproto) VALUES ('vazia', '');
\set VERBOSITY default
SELECT guiche_open('2026-03-05 09:00-04', policy => 'manhã');

-- The row 'default' is what the empty name means, from the next statement on, in a
-- function that runs as well.
DO $$
DECLARE before boolean := guiche_open('2026-03-05 09:00-04');
BEGIN
  UPDATE guiche_policy SET name = 'default';
  RAISE NOTICE 'nine: %, then %', before, guiche_open('2026-03-05 09:00-04');
  FOR minute IN 57..59 LOOP
    UPDATE guiche_policy SET textproto = replace(textproto, '"12:00"', format('"08:%s"', minute));
    RAISE NOTICE 'closes 08:%: %', minute, guiche_open('2026-03-05 08:58-04');
    UPDATE guiche_policy SET textproto = replace(textproto, format('"08:%s"', minute), '"12:00"');
  END LOOP;
END $$;

-- More policies than a backend keeps, in one query.
INSERT INTO guiche_policy (name, textproto)
SELECT hour::text, replace(textproto, '"12:00"', format('"%s:00"', hour))
FROM guiche_policy, generate_series(13, 22) AS hour;
SELECT bool_and(guiche_open('2026-03-05 00:00-04'::timestamptz + n * interval '1 hour', policy => h::text) = (n < h))
FROM generate_series(13, 22) AS h, generate_series(8, 23) AS n;
SELECT count(DISTINCT guiche_call('policy', '{}', name) ->> 'digest') = count(*) FROM guiche_policy;

-- Anybody may ask, nobody but the owner may change.
CREATE ROLE clerk;
SET ROLE clerk;
SELECT guiche_open('2026-03-05 09:00-04');
DELETE FROM guiche_policy;
