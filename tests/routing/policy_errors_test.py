"""Mistakes seeded into the real policy, one at a time: `guiche check` names path, value and remedy of each.

A seed edits one file of policy/mato_grosso as an author's slip would; what it tells is compared as an author reads it.
"""

import pathlib
import re
import subprocess

import pytest

GUICHE = "tools/guiche"
POLICY = pathlib.Path("policy/mato_grosso")
FILES = {str(path.relative_to(POLICY)): path.read_text() for path in sorted(POLICY.rglob("*.textproto"))}

PENSAO = 'needs {\n  id: "pensao_fixar"\n'
SINOP = 'places {\n  id: "comarca:sinop"\n  kind: COMARCA\n  name: "Sinop"\n  parent: "mt"\n'
ONLINE = 'hours { open: "12:00" close: "18:00" }'
TIRADENTES = '  label: "Tiradentes"\n  days { month_day: "04-21" }\n'
ROUTE = 'routes { id: "nova" %s unit: "cuiaba_nudem" act: "noticia-nudem" }\n'
NEED = 'needs { id: "nova" area: "familia" name: "nova" wordings { %s } }\n'
FACT = 'facts {\n  id: "minor"'


def seed(name, file, old, new, path, *said):
    """`old` becomes `new` in `file`, or `new` is added to its end; then `path` is blamed, and all of `said`."""
    return pytest.param(file, old, new, path, said, id=name)


SEEDS = [
    # --- references to what is not there
    seed("need_of_a_route", "routes.textproto", '"vizinhanca"', '"vizinhança"', "routes[cuiaba-civel-vizinhanca].needs[0]",
         '"vizinhança" is no need', 'did you mean "vizinhanca"?'),
    seed("area_of_a_route", "routes.textproto", 'areas: ["saude"]', 'areas: ["saúde"]', "routes[cuiaba-saude].areas[0]",
         '"saúde" is no area', 'did you mean "saude"?'),
    seed("place_of_a_route", "routes.textproto", 'places: ["comarca:cuiaba"]', 'places: ["comarca:cuiabá"]', "routes[cuiaba-civel].places[0]",
         '"comarca:cuiabá" is no place', 'did you mean "comarca:cuiaba"?'),
    seed("fact_of_a_route", "routes.textproto", 'facts: ["minor"]', 'facts: ["menor"]', "routes[cuiaba-saude-crianca].facts[0]",
         '"menor" is no fact', 'did you mean "minor"?'),
    seed("unit_of_a_route", "routes.textproto", 'unit: "cuiaba_infancia"', 'unit: "cuiaba_infância"', "routes[cuiaba-infancia].unit",
         '"cuiaba_infância" is no unit', 'did you mean "cuiaba_infancia"?'),
    seed("act_of_a_route", "routes.textproto", 'act: "noticia-nudem"', 'act: "noticia-nuden"', "routes[cuiaba-familia-violencia].act",
         '"noticia-nuden" is no act', 'did you mean "noticia-nudem"?'),
    seed("no_act", "routes.textproto", '  act: "noticia-nudem"\n', "", "routes[cuiaba-familia-violencia].act", "is empty", "name the act it rests on"),
    seed("no_unit", "routes.textproto", '  unit: "cuiaba_nudem"\n', "", "routes[cuiaba-familia-violencia]", "names no unit", "write unit, or unit_of_place: true"),
    seed("area_of_a_need", "needs/familia.textproto", 'area: "familia"', 'area: "família"', "needs[pensao_fixar].area",
         '"família" is no area', 'did you mean "familia"?'),
    seed("fact_of_a_need", "needs/familia.textproto", PENSAO, PENSAO + '  facts: "minro"\n', "needs[pensao_fixar].facts[0]",
         '"minro" is no fact', 'did you mean "minor"?'),
    seed("number_of_an_alarm", "alarms.textproto", 'emergency_numbers: "190"', 'emergency_numbers: "109"', "alarms[violence_now].emergency_numbers[0]",
         '"109" is no emergency number', 'did you mean "1'),
    seed("need_of_an_alarm", "alarms.textproto", 'need: "violencia_agora"', 'need: "violencia"', "alarms[violence_now].need",
         '"violencia" is no need', 'did you mean "violencia_agora"'),
    seed("default_unit", "policy.textproto", "atendimento_numero_unico", "numero_unico", "default_unit", '"numero_unico" is no unit', 'did you mean "atendimento_numero_unico"'),
    seed("default_service", "policy.textproto", '"online"', '"onlin"', "default_service", '"onlin" is no service', "write one of online"),
    seed("parent_of_a_place", "places.textproto", SINOP, SINOP.replace('"mt"', '"mato-grosso"'), "places[comarca:sinop].parent",
         '"mato-grosso" is no place'),
    seed("act_of_a_place", "places.textproto", SINOP, SINOP + '  act: "ato-774"\n', "places[comarca:sinop].act", '"ato-774" is no act'),
    seed("place_served", "units.textproto", 'serves: ["comarca:sinop"]', 'serves: ["comarca:sinopi"]', "units[sinop].serves[0]",
         '"comarca:sinopi" is no place', 'did you mean "comarca:sinop"?'),
    seed("place_served_twice", "units.textproto", 'serves: ["comarca:sinop"]', 'serves: ["comarca:sorriso"]', "units[sorriso].serves[0]",
         '"comarca:sorriso" is served by units[sinop] already', "one unit serves a place"),
    seed("act_of_a_unit", "units.textproto", 'UNCONFIRMED\n  act: "res-024-2022-dpg"', 'UNCONFIRMED\n  act: "res-24-2022-dpg"', "units[atendimento_numero_unico].act",
         '"res-24-2022-dpg" is no act', 'did you mean "res-024-2022-dpg"'),
    seed("act_of_a_contact", "units.textproto", '    act: "res-024-2022-dpg"\n', '    act: "res-24-2022-dpg"\n',
         "units[atendimento_numero_unico].contacts[0].act", '"res-24-2022-dpg" is no act', 'did you mean "res-024-2022-dpg"'),
    seed("service_of_a_unit", "units.textproto", '  kind: CENTRAL\n', '  kind: CENTRAL\n  service: "on-line"\n', "units[atendimento_numero_unico].service",
         '"on-line" is no service', "online"),
    seed("service_that_takes_over", "services.textproto", 'when_closed: "plantao"', 'when_closed: "plantão"', "services[online].when_closed",
         '"plantão" is no service', "write one of online, plantao"),
    seed("act_of_a_holiday", "calendar.textproto", 'act: "lei-662-1949"', 'act: "lei-662-1994"', "calendar[confraternizacao-universal].act",
         '"lei-662-1994" is no act'),
    seed("message_of_a_ruling", "conduct.textproto", 'message: "greeting_phone"', 'message: "greeting"', None,
         '"greeting" is no message', "greeting_phone"),

    # --- ids and names
    seed("twice", "routes.textproto", None, ROUTE.replace("nova", "geral") % 'needs: "divorcio"', "routes[geral]", "is there twice", "ids are unique"),
    seed("need_twice", "needs/mulher.textproto", None, NEED.replace("nova", "pensao_fixar") % 'phrases: "xyzzy"', "needs[pensao_fixar]",
         "is there twice", "ids are unique"),
    seed("no_id", "routes.textproto", 'id: "cuiaba-mulher"', 'id: ""', "routes[24].id", "is empty"),
    seed("no_name", "needs/familia.textproto", '  name: "pedir pensão alimentícia"\n', "", "needs[pensao_fixar].name", "is empty"),
    seed("blank_name", "needs/familia.textproto", '"pedir pensão alimentícia"', '" "', "needs[pensao_fixar].name", "is empty"),
    seed("no_choice", "needs/familia.textproto", '  question: "É', '  name: "É', None, "name"),
    seed("place_without_a_name", "places.textproto", '  name: "Sinop"\n', "", "places[comarca:sinop].name", "is empty"),
    seed("name_of_two_places", "places.textproto", 'aliases: ["roo"', 'aliases: ["Sinop"', "places[5107909]", '"sinop" is a name of places[5107602] too', "leave it out of one's aliases"),

    # --- routes against each other
    seed("conflict", "routes.textproto", None, ROUTE % 'facts: "minor"', "routes[nova]", "both take", 'with fact "minor"', "narrow one of them, or add a route for what both match"),
    seed("twins", "routes.textproto", None, ROUTE % 'areas: "saude" places: "comarca:cuiaba"', "routes[nova]",
         'and routes[cuiaba-saude] both take area "saude" at place "comarca:cuiaba"', "neither is more specific"),
    seed("shadowed", "routes.textproto", None, ROUTE % 'areas: "saude" needs: "divorcio"', "routes[nova]", "matches nothing", "area"),
    seed("gap", "routes.textproto", 'id: "geral"', 'id: "geral" places: "comarca:sinop"', None, "routes leave", "to default_unit"),

    # --- the calendar
    seed("no_such_day", "calendar.textproto", TIRADENTES, TIRADENTES.replace("04-21", "04-31"), "calendar[tiradentes].days.month_day", '"04-31"'),
    seed("no_such_date", "policy.textproto", "2022-09-12", "2022-09-31", "covers_from", '"2022-09-31"'),
    seed("no_such_year", "policy.textproto", "2028-01-01", "2021-01-01", "covers_until", '"2021-01-01" is not after covers_from "2022-09-12"'),
    seed("hours_backwards", "services.textproto", ONLINE, 'hours { open: "18:00" close: "12:00" }', "services[online].weekly[expediente].hours[0].close",
         '"12:00" is not after open "18:00"'),
    seed("hours_overlap", "services.textproto", ONLINE, ONLINE + ' hours { open: "17:00" close: "19:00" }', "services[online].weekly[expediente].hours",
         '"17:00" to "19:00" overlaps "12:00" to "18:00"', "write them as one, or apart"),
    seed("no_such_hour", "services.textproto", ONLINE, ONLINE.replace("18:00", "18h"), "services[online].weekly[expediente].hours[0].close", '"18h"'),
    seed("zone", "policy.textproto", "America/Cuiaba", "America/Cuiabá", "time_zone", '"America/Cuiabá" is no IANA zone', 'write one such as "America/Cuiaba"'),
    seed("no_effect", "calendar.textproto", '  effect: CLOSE\n', "", "calendar[confraternizacao-universal].effect", "is missing", "write CLOSE"),
    seed("no_layer", "calendar.textproto", '  layer: HOLIDAY\n', "", "calendar[confraternizacao-universal].layer", "is missing", "HOLIDAY"),
    seed("circle_of_services", "services.textproto", 'complement_of: "telefone"', 'complement_of: "plantao"', "services[plantao]", "circle", "give one of them weekly hours"),
    seed("circle_of_places", "places.textproto", SINOP, SINOP.replace('"mt"', '"5107909"'), "places[5107909].parent",
         '"comarca:sinop" closes a circle', "name a wider place"),
    seed("two_roots", "places.textproto", '  parent: "mt"\n', "", "places", '2 have no parent: "comarca:agua-boa", "mt"', "exactly one"),
    seed("contradiction", "calendar.textproto", None,
         'calendar { id: "nova" layer: HOLIDAY effect: REPLACE kind: FERIADO_NACIONAL label: "x" days { month_day: "04-21" } hours { open: "08:00" close: "12:00" } act: "lei-662-1949" }\n',
         "calendar[tiradentes]", "contradicts calendar[nova]", "2023-04-21"),

    # --- wordings
    seed("gap_at_the_end", "needs/familia.textproto", '"pensão do pai"', '"pensão do pai ..."', "needs[pensao_fixar].wordings[0].phrases[1]", '"..." at its end stands for nothing'),
    seed("star_inside", "needs/familia.textproto", '"pensão do pai"', '"pens*o do pai"', "needs[pensao_fixar].wordings[0].phrases[1]", '"pens*o" is no prefix', 'as in "prend*"'),
    seed("empty_alternative", "needs/familia.textproto", '"pensão do pai"', '"pensão do | da mãe"', "needs[pensao_fixar].wordings[0].phrases[1]", "has an empty alternative"),
    seed("empty_phrase", "needs/familia.textproto", '"pensão do pai"', '""', "needs[pensao_fixar].wordings[0].phrases[1]", "has no word"),
    seed("long_phrase", "needs/familia.textproto", '"pensão do pai"', '"%s"' % ("pensão " * 25), "needs[pensao_fixar].wordings[0].phrases[1]", "has more than 24 words"),
    seed("decides_and_forbids", "needs/familia.textproto", None, NEED % 'decides: "xyzzy plugh" forbids: "xyzzy"', "needs[nova].wordings[0].decides[0]",
         '"xyzzy plugh"', 'forbids[0] "xyzzy"'),
    seed("phrases_and_forbids", "needs/familia.textproto", None, NEED % 'phrases: "xyzzy" forbids: "xyzzy|plugh"', "needs[nova].wordings[0].phrases[0]",
         '"xyzzy"', "forbids[0]"),
    seed("decides_of_two", "needs/familia.textproto", None, NEED % 'decides: "ação de alimentos"', "needs[nova].wordings[0].decides[0]",
         '"ação de alimentos" decides nothing', 'decides for needs[pensao_fixar] by "ação de alimentos" too', "make it longer"),
    seed("choice_of_words", "needs/familia.textproto", None, NEED % 'decides: "xyzzy|xyzzy plugh"', "needs[nova].wordings[0].decides[0]",
         'has "xyzzy" twice in one choice', "write another phrase"),
    seed("long_example", "needs/familia.textproto", None, NEED % ('examples: "%s"' % ("quero saber " * 400)), "needs[nova].wordings[0].examples[0]", "has 4800 bytes; at most"),
    seed("empty_example", "needs/familia.textproto", None, NEED % 'examples: " "', "needs[nova].wordings[0].examples[0]", "is empty"),
    seed("example_of_two", "needs/familia.textproto", None, NEED % 'examples: "Estelionato"', "needs[nova].wordings[0].examples[0]",
         '"Estelionato" is needs[defesa_criminal]', "too, of another topic"),
    seed("unreachable_referral", "referrals.textproto", None, 'referrals { id: "nova" name: "nova" to: "DPU" }\n', "referrals[nova].wordings", "phrases"),
    seed("referral_to_nobody", "referrals.textproto", None, 'referrals { id: "nova" name: "nova" wordings { phrases: "xyzzy" } }\n', "referrals[nova].to", "is empty"),
    seed("mute_alarm", "alarms.textproto", None, 'alarms { id: "nova" name: "nova" precedence: DANGER }\n', "alarms[nova].wordings", "phrases"),
    seed("abbreviation_of_two", "lexicon.textproto", "lexicon {", 'lexicon {\n  abbreviations { written: "vc" means: "vocês" }', "lexicon.abbreviations[1]", '"vc"'),

    # --- messages
    seed("open_brace", "messages.textproto", "{unit}", "{unit", "messages[reply_routed pt-BR].text", "is no ICU MessageFormat", "close each that is open"),
    seed("unknown_argument", "messages.textproto", "{unit}", "{unidade}", "messages[reply_routed pt-BR].text", "{unidade} is no argument", "unit"),
    seed("too_long_for_whatsapp", "messages.textproto", "{unit}", "{unit}" + "á" * 1100, "messages[reply_routed pt-BR].text", "characters; at most 1024"),
    seed("message_that_nobody_sends", "messages.textproto", 'id: "reply_open"', 'id: "reply_opne"', "messages[reply_opne pt-BR]", 'did you mean "reply_open"?'),
    seed("message_twice", "messages.textproto", None, 'messages { id: "reply_open" text: "x" }\n', "messages[reply_open pt-BR]", "is there twice"),

    # --- the model
    seed("old_model", "needs/familia.textproto", None, NEED % 'examples: "xyzzy plugh"', "model", "wordings have changed", "run guiche train"),
    seed("spoilt_model", "model.textproto", re.compile('weights: "....'), 'weights: "!!!!', "model.classes[0].weights", "cannot be read", "run guiche train"),
]

PARSED = [
    # the file, what stands there, the slip, what is said behind file, line and column
    ("needs/familia.textproto", "wordings {", "wordngs {", 'no field named "wordngs"', 'did you mean "wordings"?'),
    ("calendar.textproto", "effect: CLOSE", "effect: CLOSED", '"CLOSED"', 'did you mean "CLOSE"'),
    ("services.textproto", "mode: REGULAR", "mode: regular", '"regular"', 'did you mean "REGULAR"'),
    ("routes.textproto", 'id: "cuiaba-civel"', 'id: "cuiaba-civel', "String literals cannot cross line boundaries"),
    ("routes.textproto", "unit_of_place: true", 'unit_of_place: "sim"', "Expected identifier"),
    ("routes.textproto", 'unit: "cuiaba_nudem"', 'unit: "cuiaba_nudem"\n  unit: "cuiaba_civel"', '"unit" is specified multiple times'),
    ("policy.textproto", 'version: "2026.11"', "version: 2026.11", "Expected string"),
]


def check(files, tmp_path, *arguments):
    paths = []
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        paths.append(str(path))
    return subprocess.run([GUICHE, "check", *arguments, *paths], capture_output=True, text=True, timeout=60)


def seeded(file, old, new):
    text = FILES[file]
    if old is None:
        return {**FILES, file: text + new}
    changed = old.sub(new, text, 1) if isinstance(old, re.Pattern) else text.replace(old, new, 1)
    assert changed != text, "the seed found nothing to spoil"
    return {**FILES, file: changed}


def test_unspoilt_it_has_no_error(tmp_path):
    result = check(FILES, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "erro: " not in result.stdout


@pytest.mark.parametrize("file, old, new, path, said", SEEDS)
def test_seeded(tmp_path, file, old, new, path, said):
    result = check(seeded(file, old, new), tmp_path)
    lines = result.stdout.splitlines()[:-1]
    blamed = [line for line in lines if path is None or line.startswith((f"erro: {path}: ", f"nota: {path}: "))]
    assert [line for line in blamed if all(part in line for part in said)], result.stdout


@pytest.mark.parametrize("file, old, new, said", [(file, old, new, said) for file, old, new, *said in PARSED])
def test_slip_of_the_pen(tmp_path, file, old, new, said):
    result = check(seeded(file, old, new), tmp_path)
    before = FILES[file][: FILES[file].index(old)]
    assert result.returncode == 2
    line = result.stdout.splitlines()[0]
    assert re.match(rf"erro: .*{file}:(\d+):\d+: ", line)
    assert before.count("\n") + 1 <= int(re.search(r":(\d+):", line)[1]) <= before.count("\n") + 2
    assert all(part in line for part in said), line
