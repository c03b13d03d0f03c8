"""Mistakes seeded into the real policy, one at a time: `guiche check` names path, value and remedy of each.

A seed edits one file of policy/mato_grosso as an author's slip would; what it tells is compared as an author reads it.
"""

import pathlib
import re
import subprocess

import pytest

GUICHE = "tools/guiche"
POLICY = pathlib.Path("policy/mato_grosso")
WHOLE = {str(path.relative_to(POLICY)): path.read_text() for path in sorted(POLICY.rglob("*.textproto"))}


def few(lists):
    """Of each list of examples the first ones: enough for slips elsewhere, and read in a third of the time."""
    return lists[1] + "\n".join(lists[2].split("\n")[:25]).rstrip().rstrip(",") + "\n    ]"


FILES = {name: re.sub(r"(examples: \[\n)(.*?)\n    \]", few, text, flags=re.DOTALL) for name, text in WHOLE.items()}

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

    seed("id_of_two_kinds", "referrals.textproto", None, 'referrals { id: "divorcio" name: "nova" to: "DPU" wordings { phrases: "xyzzy" } }\n', "referrals[divorcio].id",
         '"divorcio" is needs[divorcio] too', "rename one"),
    seed("id_with_a_space", "routes.textproto", 'id: "cuiaba-civel"', 'id: "cuiaba civel"', "routes[cuiaba civel].id", '"cuiaba civel" has a space', "write letters"),
    seed("fact_without_a_name", "needs/familia.textproto", None, 'facts { id: "novo" }\n', "facts[novo].name", "is empty"),
    seed("alias_without_a_word", "places.textproto", 'aliases: ["roo"', 'aliases: ["-"', "places[5107602].aliases[0]", '"-" has no word', "leave it out"),
    seed("alias_that_is_a_word", "places.textproto", 'aliases: ["roo"', 'aliases: ["de"', "places[5107602].aliases[0]", '"de" stands in', "make it longer"),
    seed("act_without_a_title", "acts.textproto", None, 'acts { id: "novo" published_on: "2024-01-01" }\n', "acts[novo].title", "is empty", "write how it is cited"),
    seed("act_of_the_far_future", "acts.textproto", None, 'acts { id: "novo" title: "x" published_on: "2924-01-01" }\n', "acts[novo].published_on", '"2924-01-01" is after covers_until', "is the year right?"),
    seed("address_of_an_act", "acts.textproto", None, 'acts { id: "novo" title: "x" url: "iomat" }\n', "acts[novo].url", '"iomat" is no address', "https://"),
    seed("contact_without_any", "referrals.textproto", None, 'referrals { id: "nova" name: "nova" to: "x" wordings { phrases: "xyzzy" } contacts { } }\n', "referrals[nova].contacts[0]",
         "no way to reach anybody", "write phone"),
    seed("phone_in_part", "units.textproto", None, 'units { id: "novo" name: "x" note: "x" contacts { phone: "9963-4454" } }\n', "units[novo].contacts[0].phone", '"9963-4454" is no number in full'),
    seed("number_in_words", "alarms.textproto", None, 'emergency_numbers { id: "999" number: "um nove zero" name: "x" }\n', "emergency_numbers[999].number", '"um nove zero" cannot be dialled'),
    seed("referral_to_a_blank", "referrals.textproto", None, 'referrals { id: "nova" name: "nova" to: " " wordings { phrases: "xyzzy" } }\n', "referrals[nova].to[0]", "is empty"),

    # --- routes against each other
    seed("unit_without_requests", "units.textproto", None, 'units { id: "novo" name: "Novo" kind: NUCLEO }\n', "units[novo]", "takes no request", "name it in a route"),
    seed("comarca_without_a_unit", "units.textproto", 'serves: ["comarca:sinop"]', "", "places[comarca:sinop]", "is served by no unit", "add it to a unit's serves"),
    seed("area_without_a_need", "needs/familia.textproto", None, 'areas { id: "nova" name: "Nova" }\n', "areas[nova]", "has no need", "write one"),
    seed("need_of_a_route_twice", "routes.textproto", None, ROUTE % 'needs: "divorcio" needs: "divorcio" places: "comarca:sinop"', "routes[nova].needs[1]",
         '"divorcio" is there already'),
    seed("conflict_of_lists", "routes.textproto", None,
         ROUTE % 'needs: ["divorcio", "guarda"] places: "comarca:sinop"' + ROUTE.replace("nova", "outra") % 'needs: ["guarda", "visitas"] places: "comarca:sinop"', "routes[outra]",
         'and routes[nova] both take need "guarda" at place "comarca:sinop"'),
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
    seed("language_by_name", "needs/familia.textproto", 'language: "es"', 'language: "espanhol"', "needs[pensao_fixar].wordings[1].language",
         '"espanhol" is no language', '"es"'),
    seed("language_that_is_none", "needs/familia.textproto", None, NEED % 'language: "xx" phrases: "xyzzy"', "needs[nova].wordings[0].language", '"xx" is no language'),
    seed("language_of_a_message", "messages.textproto", None, 'messages { id: "reply_open" language: "pt_BR" text: "x" }\n', "messages[reply_open].language",
         '"pt_BR" is no language', '"pt-BR"'),
    seed("phrase_twice", "needs/familia.textproto", None, NEED % 'decides: "xyzzy plugh" decides: "Xyzzy plúgh"', "needs[nova].wordings[0].decides[1]",
         '"Xyzzy plúgh" is needs[nova].wordings[0].decides[0] already', "leave one of them out"),
    seed("slash_for_either", "needs/familia.textproto", None, NEED % 'phrases: "pai/mãe xyzzy"', "needs[nova].wordings[0].phrases[0]", 'has "/"', 'write "a|b" for either word'),
    seed("brackets", "alarms.textproto", None, 'alarms { id: "nova" name: "x" precedence: DANGER wordings { phrases: "(xyzzy|plugh) agora" } }\n',
         "alarms[nova].wordings[0].phrases[0]", 'has "("', "read as a space"),
    seed("two_dots", "needs/familia.textproto", None, NEED % 'phrases: "xyzzy .. plugh"', "needs[nova].wordings[0].phrases[0]", 'has ".."', 'write "..."'),
    seed("decides_for_all", "needs/familia.textproto", None, NEED % 'decides: "bom dia"', "needs[nova].wordings[0].decides[0]", '"bom dia" decides for', "examples of other topics, as needs[",
         "and for 0 of its own", "make it longer"),
    seed("forbids_nearly_all", "needs/familia.textproto", None, NEED % 'phrases: "xyzzy" forbids: "de"', "needs[nova].wordings[0].forbids[0]", '"de" stands in', "make it longer"),
    seed("mute_need", "needs/familia.textproto", None, NEED % 'forbids: "xyzzy"', "needs[nova].wordings", "has neither phrase nor example", "write phrases"),
    seed("example_of_an_alarm", "alarms.textproto", None, 'alarms { id: "nova" name: "x" precedence: DANGER wordings { examples: "xyzzy plugh" } }\n',
         "alarms[nova].wordings[0]", 'the example "xyzzy plugh"', "write phrases"),
    seed("alarm_that_outranks_nothing", "alarms.textproto", None, 'alarms { id: "nova" name: "x" wordings { phrases: "xyzzy" } }\n', "alarms[nova].precedence", "is missing", "write DANGER"),
    seed("alarm_that_never_rings", "alarms.textproto", None, 'alarms { id: "nova" name: "x" precedence: DANGER wordings { phrases: "xyzzy plugh" forbids: "plugh" } }\n',
         "alarms[nova].wordings[0].phrases[0]", '"xyzzy plugh" never counts', 'forbids[0] "plugh"'),
    seed("urgent_and_calm", "needs/familia.textproto", None, NEED % 'urgent_examples: "xyzzy plugh" calm_examples: "xyzzy plugh"', "needs[nova].wordings[0].calm_examples[0]",
         '"xyzzy plugh" is needs[nova].wordings[0].urgent_examples[0] already'),
    seed("negation_that_is_none", "lexicon.textproto", "negations: [", 'negations: [ "quero",', "lexicon.negations[0]", '"quero" stands in', "make it longer"),
    seed("courtesy_that_asks", "lexicon.textproto", "courtesies: [", 'courtesies: [ "divórcio",', "lexicon.courtesies[0]", '"divórcio" is a phrase of needs[divorcio] too'),
    seed("abbreviation_of_itself", "lexicon.textproto", "lexicon {", 'lexicon {\n  abbreviations { written: "xyz" means: "xyz" }', "lexicon.abbreviations[0]", '"xyz" means itself'),
    seed("abbreviation_of_two", "lexicon.textproto", "lexicon {", 'lexicon {\n  abbreviations { written: "vc" means: "vocês" }', "lexicon.abbreviations[1]", '"vc"'),

    # --- messages
    seed("open_brace", "messages.textproto", "{unit}", "{unit", "messages[reply_routed pt-BR].text", "is no ICU MessageFormat", "close each that is open"),
    seed("unknown_argument", "messages.textproto", "{unit}", "{unidade}", "messages[reply_routed pt-BR].text", "{unidade} is no argument", "unit"),
    seed("too_long_for_whatsapp", "messages.textproto", "{unit}", "{unit}" + "á" * 1100, "messages[reply_routed pt-BR].text", "characters; at most 1024"),
    seed("message_that_nobody_sends", "messages.textproto", 'id: "reply_open"', 'id: "reply_opne"', "messages[reply_opne pt-BR]", 'did you mean "reply_open"?'),
    seed("message_twice", "messages.textproto", None, 'messages { id: "reply_open" text: "x" }\n', "messages[reply_open pt-BR]", "is there twice"),

    # --- the model
    seed("old_model", "needs/familia.textproto", None, NEED % 'examples: "xyzzy plugh"', "model", "wordings have changed", "run guiche train"),
    seed("points_below_zero", "model.textproto", "least_score: ", "least_score: -", "model.least_score", "is not from 0 to", "run guiche train"),
    seed("points_beyond_all", "model.textproto", "phrase_points: ", "phrase_points: 99999", "model.phrase_points", "is not from 1 to", "run guiche train"),
    seed("no_points_of_urgency", "model.textproto", re.compile(r"least_urgent: \d+"), "", "model.least_urgent", "0 is not from 1 to", "run guiche train"),
    seed("other_points", "model.textproto", re.compile(r"least_lead: \d+"), "least_lead: 1", "model", "the model itself was changed", "run guiche train"),
    seed("other_weights", "model.textproto", re.compile('weights: "(.{48})....'), r'weights: "\1Dw8P', "model", "the model itself was changed", "run guiche train"),
    seed("no_model", "model.textproto", re.compile(".*", re.DOTALL), "", "model", "is missing", "run guiche train"),
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


SCANNED = [
    # the file, what stands there, the slip, what is said behind file and line
    ("needs/familia.textproto", '"pensão do pai",', '"pensão do pai"', "a text follows another in a list", 'write "," between them'),
    ("routes.textproto", 'id: "cuiaba-civel"', "id: “cuiaba-civel”", "stands outside of a text", "write the plain quote"),
    ("routes.textproto", 'unit: "cuiaba_nudem"\n', 'unit: "cuiaba_nudem"\n}\n', '"}" closes nothing', "leave it out"),
    ("routes.textproto", 'areas: ["saude"]', 'areas: ["saude"', 'the "[" of line', "close that first"),
    ("needs/familia.textproto", "pensão do pai", "pens\udce3o do pai", "is no UTF-8", "save the file as UTF-8"),
]


def check(files, tmp_path):
    """What guiche check says in English, as the API does; what it says by default is that in Portuguese."""
    paths = []
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogateescape"))
        paths.append(str(path))
    runs = [
        subprocess.Popen([GUICHE, "check", *language, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for language in (["--language", "en"], [])
    ]
    (english, stderr), (portuguese, _) = [run.communicate(timeout=60) for run in runs]
    said_in_portuguese(english, portuguese)
    return subprocess.CompletedProcess(runs[0].args, runs[0].returncode, english, stderr)


def said_in_portuguese(english, portuguese):
    """Each problem is told in Portuguese too, as it is in the other lines: whose it is, and all that is quoted or counted."""
    lines = english.splitlines()
    told = portuguese.splitlines()
    assert (len(told), told[-1]) == (len(lines), lines[-1])
    for line, in_portuguese in zip(lines[:-1], told):
        assert in_portuguese != line, "tools/catalogue.h has no entry for this"
        assert in_portuguese.split(": ")[:2] == line.split(": ")[:2]
        for value in re.findall(r'"[^"]*"|\w+\[[^]]*\]|\d+', line):
            assert value in in_portuguese
        words = re.sub(r'"[^"]*"|\[[^]]*\]|\S*[/._]\S*', "", in_portuguese.split(": ", 2)[2])
        assert not re.search(r"\b(is|the|of|and|or|write|it|with|at|in)\b", words), in_portuguese


def seeded(file, old, new, files=FILES):
    text = files[file]
    if old is None:
        return {**files, file: text + new}
    changed = old.sub(new, text, 1) if isinstance(old, re.Pattern) else text.replace(old, new, 1)
    assert changed != text, "the seed found nothing to spoil"
    return {**files, file: changed}


def test_unspoilt_it_has_nothing_to_tell(tmp_path):
    result = check(WHOLE, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "0 erros, 0 notas\n"


@pytest.mark.parametrize("file, old, new, path, said", SEEDS)
def test_seeded(tmp_path, file, old, new, path, said):
    result = check(seeded(file, old, new, WHOLE if path == "model" else FILES), tmp_path)
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


@pytest.mark.parametrize("file, old, new, said", [(file, old, new, said) for file, old, new, *said in SCANNED])
def test_slip_of_the_editor(tmp_path, file, old, new, said):
    result = check(seeded(file, old, new), tmp_path)
    line = result.stdout.splitlines()[0]
    assert result.returncode == 2 and re.match(rf"erro: .*{file}:\d+: ", line), line
    assert all(part in line for part in said), line


def test_a_brace_that_is_never_closed(tmp_path):
    text = FILES["routes.textproto"].rstrip()[:-1]
    result = check({**FILES, "routes.textproto": text}, tmp_path)
    line = text[: text.rindex("{")].count("\n") + 1
    assert result.stdout.splitlines()[0].endswith(f'routes.textproto:{line}: "{{" is never closed; write what closes it')


def test_a_byte_order_mark_is_no_harm(tmp_path):
    assert check({**FILES, "routes.textproto": "\ufeff" + FILES["routes.textproto"]}, tmp_path).returncode == 0
