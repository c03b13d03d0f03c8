"""Exports as other programs read them, and the commands that write them."""

import csv
import datetime
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree
import zoneinfo

import icalendar
import pytest
import vobject

GUICHE = "tools/guiche"
OFFICE = "tests/interchange/office.textproto"
SPAN = ["--from", "2026-01-01", "--to", "2027-01-01"]
STAMP = ["--stamp", "2026-11-24T12:00:00-04:00"]
SERVICES = ["online", "noturno", "plantao"]
UTC = datetime.timezone.utc


def guiche(*arguments):
    return subprocess.run([GUICHE, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=120)


def export(form, service, *arguments):
    result = guiche("export", form, "--policy", OFFICE, "--service", service, *SPAN, *STAMP, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def stretches(service):
    """What the CSV says: (from, until, state) of each stretch."""
    rows = csv.DictReader(io.StringIO(export("csv", service), newline=""))
    return [(datetime.datetime.fromisoformat(row["from"]), datetime.datetime.fromisoformat(row["until"]),
             row["state"]) for row in rows]


def joined(intervals):
    whole = []
    for begin, end in sorted(intervals):
        if whole and whole[-1][1] == begin:
            whole[-1][1] = end
        else:
            whole.append([begin, end])
    return [tuple(pair) for pair in whole]


def open_by_csv(service):
    return joined((begin, end) for begin, end, state in stretches(service) if state == "OPEN")


@pytest.mark.parametrize("service", SERVICES)
def test_csv_has_no_gap_and_answers_as_open_does(service):
    rows = stretches(service)
    assert rows[0][0].isoformat() == "2026-01-01T00:00:00-05:00"
    assert rows[-1][1].isoformat() == "2027-01-01T00:00:00-05:00"
    assert all(before[1] == after[0] for before, after in zip(rows, rows[1:]))
    requests = "".join(
        json.dumps({"service": service, "at": instant.isoformat()}) + "\n"
        for begin, end, _ in rows for instant in (begin, end - datetime.timedelta(seconds=1)))
    answers = subprocess.run([GUICHE, "batch", "open", "--policy", OFFICE], input=requests, capture_output=True,
                             text=True, timeout=120).stdout.splitlines()
    states = [json.loads(answer)["state"] for answer in answers]
    assert states == [state for _, _, state in rows for _ in range(2)]


@pytest.mark.parametrize("service", SERVICES)
def test_icalendar_reads_the_openings(service):
    calendar = icalendar.Calendar.from_ical(export("ics", service))
    events = [event for event in calendar.walk("VEVENT") if event["CATEGORIES"].cats == ["OPEN"]]
    assert joined((event["DTSTART"].dt, event["DTEND"].dt) for event in events) == open_by_csv(service)
    assert calendar.errors == [] and all(not event.errors for event in calendar.walk("VEVENT"))


@pytest.mark.parametrize("service", SERVICES)
def test_vobject_reads_the_openings(service):
    calendar = vobject.readOne(export("ics", service))
    calendar.validate(raiseException=True)
    opened = [(event.dtstart.value, event.dtend.value) for event in calendar.vevent_list
              if event.categories.value == ["OPEN"]]
    assert joined((begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in opened) == open_by_csv(service)


def test_calendar_names_days_and_acts():
    calendar = icalendar.Calendar.from_ical(export("ics", "online"))
    days = {event["DTSTART"].dt: event for event in calendar.walk("VEVENT") if event["CATEGORIES"].cats == ["CALENDAR"]}
    game = days[datetime.date(2026, 6, 24)]
    assert game["SUMMARY"] == 'Jogo do Brasil, "às 15h": 07:30-13:30'
    assert game["DESCRIPTION"] == 'Resolução nº 1, de "teste"; vírgula, acento'
    assert game["URL"] == "https://example.org/1"
    uids = [event["UID"] for event in calendar.walk("VEVENT")]
    assert len(set(uids)) == len(uids)


@pytest.mark.parametrize("service", SERVICES)
def test_schema_org_says_the_hours_by_the_clock(service):
    office = json.loads(export("schema-org", service))
    assert (office["@context"], office["@type"]) == ("https://schema.org", "GovernmentOffice")
    asked = 0
    for begin, end, state in stretches(service):
        t = begin
        while t < end:
            shown = t.astimezone(zoneinfo.ZoneInfo("America/New_York"))
            day, clock = shown.strftime("%Y-%m-%d"), shown.strftime("%H:%M")
            hours = [s for s in office["specialOpeningHoursSpecification"]
                     if s["validFrom"] <= day <= s["validThrough"]]
            hours = hours or [s for s in office["openingHoursSpecification"]
                              if f"https://schema.org/{shown:%A}" in s["dayOfWeek"]]
            # Past midnight every day has hours of its own.
            is_open = any(s["opens"] <= clock < s["closes"] or s["opens"] <= clock and s["closes"] == "00:00"
                          for s in hours if s["opens"] != s["closes"])
            assert is_open == (state == "OPEN"), t
            t += datetime.timedelta(minutes=30)
            asked += 1
    assert asked > 17000


@pytest.fixture(scope="module")
def psql():
    """A PostgreSQL of our own in a directory of our own, which refuses to run as root."""
    programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    user = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
    directory = tempfile.mkdtemp(prefix="guiche-", dir="/tmp")

    def run(*command, **options):
        return subprocess.run([*user, *command], check=True, text=True, capture_output=True, cwd=directory, **options)

    run(programs / "initdb", "-D", "data", "-A", "trust", "-U", "guiche", "--no-sync", "-E", "UTF8", "--locale=C")
    run(programs / "pg_ctl", "-D", "data", "-w", "-l", "log", "-o", f"-k {directory} -c listen_addresses=''", "start")
    try:
        yield lambda query: run(programs / "psql", "-h", directory, "-U", "guiche", "-d", "postgres", "-v",
                                "ON_ERROR_STOP=1", "-AtX", input=query).stdout
    finally:
        run(programs / "pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(directory)


@pytest.mark.parametrize("service", SERVICES)
def test_postgresql_evaluates_the_ranges(psql, service):
    query = export("sql", service).rstrip().rstrip(";")
    instants = sorted({instant for begin, end, _ in stretches(service)
                       for instant in (begin, end - datetime.timedelta(seconds=1))})
    values = ",".join(f"('{instant.isoformat()}'::timestamptz)" for instant in instants)
    answers = psql(f"SELECT open_hours @> at FROM ({query}) AS exported, (VALUES {values}) AS asked(at) ORDER BY at;")
    opened = open_by_csv(service)
    assert answers.split() == ["t" if any(begin <= instant < end for begin, end in opened) else "f"
                               for instant in instants]


def test_strict_writes_nothing_and_names_the_loss():
    result = guiche("export", "sql", "--policy", OFFICE, "--service", "plantao", *SPAN, "--strict")
    assert (result.returncode, result.stdout) == (1, "")
    assert "modes other than REGULAR" in result.stderr


def test_losses_go_to_stderr():
    result = guiche("export", "sql", "--policy", OFFICE, "--service", "plantao", *SPAN)
    assert result.returncode == 0
    assert "perda: nothing tells modes" in result.stderr


def test_import_is_a_policy_that_compiles(tmp_path):
    hours = 'Mo-Fr 08:00-12:00; PH off; Fr[-1] 14:00-16:00 "by appointment"'
    result = guiche("import", "osm", hours, "--policy", OFFICE, *SPAN)
    assert (result.returncode, result.stderr) == (0, "")
    imported = tmp_path / "imported.textproto"
    imported.write_text(result.stdout, encoding="utf-8")
    for at, code in ("2026-06-22T09:00:00-04:00", 0), ("2026-12-25T15:00:00-05:00", 0), ("2026-05-29T09:00:00-04:00", 2):
        assert guiche("open", "-q", "--policy", str(imported), "--at", at).returncode == code, at


def test_hours_by_appointment_say_so():
    result = guiche("open", "--hours", 'Mo-Fr 08:00-12:00 "by appointment"', "--zone", "America/Cuiaba",
                    "--at", "2026-05-08T09:00:00-04:00")
    assert result.returncode == 0
    assert "modo:       com hora marcada\n" in result.stdout


def test_import_names_what_it_does_not_read():
    result = guiche("import", "osm", "sunrise-sunset")
    assert (result.returncode, result.stdout) == (1, "")
    assert '"sunrise", no byte 0, depende do sol' in result.stderr


def test_strict_import_refuses_losses():
    lost = guiche("import", "osm", "Mo 08:00+", *SPAN)
    assert lost.returncode == 0 and "perda: an open end" in lost.stderr
    assert guiche("import", "osm", "Mo 08:00+", *SPAN, "--strict").returncode == 1


SVG = "{http://www.w3.org/2000/svg}"


def render(*arguments):
    result = guiche("render", *arguments, "--policy", OFFICE)
    assert (result.returncode, result.stderr) == (0, "")
    return xml.etree.ElementTree.fromstring(result.stdout)


def days_of(picture):
    """Each day's title, and the classes of its box."""
    return {group.find(SVG + "title").text: group.find(SVG + "rect").get("class").split()
            for group in picture.iter(SVG + "g")}


def test_year_shows_every_day_as_it_is():
    days = days_of(render("year", "--of", "2026"))
    assert len(days) == 365
    look = {title.split(":")[0]: classes for title, classes in days.items()}
    for day, kind in {
        "7 de janeiro, quarta-feira": "open",
        "6 de janeiro, terça-feira": "recess",
        "4 de junho, quinta-feira": "optional",
        "24 de junho, quarta-feira": "partial",
        "18 de fevereiro, quarta-feira": "partial",
        "10 de março, terça-feira": "partial",
        "7 de março, sábado": "weekly",
        "31 de dezembro, quinta-feira": "recess",
    }.items():
        assert kind in look[day], (day, look[day])
    assert ('24 de junho, quarta-feira: 07:30-13:30. Jogo do Brasil, "às 15h" '
            '(Resolução nº 1, de "teste"; vírgula, acento)') in days


def test_year_before_the_policy_and_in_doubt():
    assert days_of(render("year", "--of", "2022"))["1º de agosto, segunda-feira: a política nada diz"] == ["cell", "silent"]
    christmas = days_of(render("year", "--of", "2028"))
    assert "doubt" in next(classes for title, classes in christmas.items() if title.startswith("25 de dezembro"))


@pytest.mark.parametrize("arguments", [("year", "--of", "2026"), ("week", "--of", "2026-06-04")])
def test_pictures_need_no_script_colour_or_sight(arguments):
    picture = render(*arguments)
    assert picture.get("role") == "img"
    named = {element.get("id"): element.text for element in picture if element.get("id")}
    assert picture.get("aria-labelledby").split() == ["title", "desc"]
    assert "2026" in named["title"]
    assert "Corpus Christi" in named["desc"] and "office 1" in named["desc"]
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert not tags & {"script", "image", "foreignObject", "a", "use"}
    texts = [element.text for element in picture.iter(SVG + "text")]
    for legend in "aberto no horário da semana", "fechado: feriado", "fechado: recesso", "O", "F", "R", "P", "S", "?":
        assert legend in texts, legend
    assert any(re.search(r"office 1, [0-9a-f]{64}; fuso America/New_York", text) for text in texts)
    patterns = {element.get("id") for element in picture.iter(SVG + "pattern")}
    style = picture.find(SVG + "style").text
    assert set(re.findall(r"url\(#(\w+)\)", style)) == patterns


def test_week_shows_hours_and_modes():
    texts = [element.text for element in render("week", "--service", "noturno", "--of", "2026-02-11").iter(SVG + "text")]
    assert "09:00-12:00" in texts and "22:00-24:00" in texts and "00:00-01:30" in texts
    assert texts[texts.index("14:00-16:00") + 1] == "com hora marcada"


@pytest.mark.parametrize("picture, of, said", [("week", "amanhã", '"amanhã" não é uma data'), ("year", "20260", "não é um ano")])
def test_render_says_what_it_cannot_read(picture, of, said):
    result = guiche("render", picture, "--of", of)
    assert (result.returncode, result.stdout) == (1, "")
    assert "--of: " in result.stderr and said in result.stderr


XHTML = "{http://www.w3.org/1999/xhtml}"


def test_table_of_routes_names_the_unit_of_each_area_and_place():
    result = guiche("render", "table")
    assert (result.returncode, result.stderr) == (0, "")
    page = xml.etree.ElementTree.fromstring(result.stdout.removeprefix("<!DOCTYPE html>\n"))
    assert not [element for element in page.iter() if element.tag.removeprefix(XHTML) in {"script", "link", "img"}]
    areas = ["".join(head.itertext()) for head in page.iter(XHTML + "th") if head.get("scope") == "col"][1:]
    rows = {}
    for row in page.find(f".//{XHTML}tbody"):
        cells = [cell for cell in row.iter(XHTML + "td") for _ in range(int(cell.get("colspan", "1")))]
        assert len(cells) == len(areas)
        rows["".join(row.find(XHTML + "th").itertext())] = dict(zip(areas, cells))
    assert len(rows) == 107  # nowhere, 79 comarcas, 27 municipalities of no known comarca

    def text(place, area):
        return "".join(rows[place][area].itertext())

    for area in areas[1:]:
        assert text("Comarca de Sinop", area).startswith("Núcleo de Sinop"), area
    assert text("Comarca de Cuiabá", "Criminal").startswith("Núcleo Criminal da Capital [?] routes[cuiaba-criminal]")
    assert "usucapião: Núcleo de Atendimento e Proposição de Iniciais" in text("Comarca de Cuiabá", "Fundiário")
    assert "[pergunta o lugar]" in text("(lugar não informado)", "Criminal")
    default = rows["Comarca de Cuiabá"]["Saúde"]
    assert default.get("class") == "default" and "[padrão]" in "".join(default.itertext())
    asked = json.loads(guiche("route", "--area", "saude", "--place", "Cuiabá", "--format", "json").stdout)
    assert "".join(default.itertext()).startswith(asked["unit"]["name"])


def test_table_of_routes_takes_no_window():
    result = guiche("render", "table", "--place", "Sinop")
    assert (result.returncode, result.stdout) == (1, "")
    assert "tire --service, --place e --of" in result.stderr
