"""The command line as people and scripts use it."""

import json
import re
import subprocess

import pytest

GUICHE = "tools/guiche"
OPEN = "2026-03-04T13:00:00-04:00"
CLOSED = "2026-03-07T13:00:00-04:00"


def guiche(*arguments, stdin=""):
    return subprocess.run([GUICHE, *arguments], input=stdin, capture_output=True, text=True, timeout=60)


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_open_says_why_and_exits_by_the_answer():
    opened = guiche("open", "--place", "Sinop", "--at", OPEN)
    assert (opened.returncode, opened.stderr) == (0, "")
    assert opened.stdout.startswith("aberto — online, Sinop, qua 04/03/2026 13:00")
    assert "Resolução" in opened.stdout
    closed = guiche("open", "--place", "Sinop", "--at", CLOSED)
    assert closed.returncode == 2
    assert closed.stdout.startswith("fechado — ")


def test_quiet_writes_nothing():
    for at, code in (OPEN, 0), (CLOSED, 2):
        result = guiche("open", "-q", "--at", at)
        assert (result.returncode, result.stdout, result.stderr) == (code, "", "")


def test_json_has_every_key_under_its_proto_name():
    answer = json.loads(guiche("open", "--place", "Sinop", "--at", OPEN, "--format", "json").stdout)
    assert {
        "state", "mode", "reason", "since", "until", "next_open", "next_close", "certainty", "place", "time_zone",
        "policy",
    } <= answer.keys()
    assert {"rule", "label", "kind", "act"} <= answer["reason"].keys()
    assert {"id", "version", "digest"} <= answer["policy"].keys()
    assert (answer["state"], answer["place"]) == ("OPEN", "5107909")
    assert answer["until"] == "2026-03-04T18:00:00-04:00"


def test_places_compare_as_a_clerk_reads():
    for place in "SINOP", "sinop", "5107909", "comarca:Sinop", "São José dos Quatro Marcos", "SAO JOSE DOS QUATRO MARCOS":
        assert guiche("open", "-q", "--place", place, "--at", OPEN).returncode == 0, place


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["open", "--at", "2026-03-04T13:00:00"], "at: "),
        (["open", "--at", "ontem"], "at: "),
        (["open", "--at", OPEN, "--place", "Sinopi"], "quis dizer Sinop?"),
        (["open", "--at", OPEN, "--service", "onlin"], "online"),
        (["route", "--need", "pensao_fixa"], "pensao_fixar"),
        (["open", "--policy", "nowhere.textproto", "--at", OPEN], "nowhere.textproto"),
        (["open", "--known-at", "ontem", "--at", OPEN], "--known-at"),
        (["calendar", "--from", "2026-02-30"], "from: "),
        (["conduct", "--device", "fax"], "--device"),
        (["nothing"], "required"),
        ([], "required"),
    ],
)
def test_what_cannot_be_done_says_why_and_exits_1(arguments, said):
    result = guiche(*arguments)
    assert result.returncode == 1
    assert result.stdout == ""
    assert said in result.stderr


def test_help_of_every_command():
    assert guiche("--help").returncode == 0
    for command in "open", "route", "decide", "calendar", "conduct", "check", "test", "batch":
        result = guiche(command, "--help")
        assert result.returncode == 0
        assert "Uso" in result.stdout or "guiche" in result.stdout


def test_decide_ends_with_the_reply():
    result = guiche("decide", "--place", "Sinop", "--at", CLOSED, "meu", "ex", "não", "paga", "a", "pensão")
    assert result.returncode == 0
    assert "Sinop" in result.stdout
    assert "segunda-feira, 9 de março, às 12h" in result.stdout


def test_explain_says_in_words_why_and_why_not():
    said = guiche("explain", "meu ex não paga a pensão do meu filho, moro em sinopi").stdout
    for part in (
        "O pedido é claro: cobrar pensão atrasada (Família)",
        '"não paga a pensão" basta sozinho para saber',
        "Quem decidiu foi needs[pensao_cobrar].wordings[0].decides[",
        'frase da política, "não paga a pensão"',
        "Por que não pedir pensão alimentícia (Família)",
        'lugar: Sinop, por "sinopi"',
    ):
        assert part in said


def test_explain_says_what_the_message_names_and_does_not_ask_for():
    forbidden = guiche("explain", "minha tia faleceu na uti, quero processar, samu demorou").stdout
    assert '"samu" falaria disso, mas "uti" o exclui (forbids de referrals[emergencia_medica])' in forbidden
    negated = guiche("explain", "não é usucapião, é o muro do vizinho").stdout
    assert 'usucapião (Fundiário): "usucapião" vem depois de uma negação.' in negated


def test_explain_finds_the_phrase_that_decided_beside_one_as_long():
    said = guiche("explain", "quero falar com um atendente").stdout
    assert 'Uma pessoa lê: falar com uma pessoa, defensor ou advogado (Atendimento). "' in said
    assert "basta sozinho para saber" in said and "nenhuma frase bastou" not in said


def test_explain_tells_programs_the_same():
    told = json.loads(guiche("explain", "--format", "json", "meu ex não paga a pensão").stdout)
    assert told["answer"]["need"] == "pensao_cobrar"
    assert told["because"] == ['O pedido é claro: cobrar pensão atrasada (Família). "não paga a pensão" basta sozinho para saber.']
    assert len(told["to_change"]) == 4
    assert guiche("explain", "--redact", "--format", "json", "Zulmiranda quer pensão").stdout.find("Zulmiranda") == -1


def test_a_word_alone_that_no_phrase_knows_chooses_no_door():
    for word in "medo", "documento", "dinheiro", "casa", "menor", "preso", "claro":
        assert json.loads(guiche("route", "--format", "json", word).stdout)["outcome"] in ("ASK", "HUMAN"), word
    for word, area in ("divórcio", "familia"), ("despejo", "civel"), ("laqueadura", "saude"):
        assert json.loads(guiche("route", "--format", "json", word).stdout)["area"] == area


def test_explain_redacted_shows_no_word_of_the_message():
    strangers = "Zulmiranda Xaropinho", "Quixeramobinha", "abracadabrante"
    message = f"{strangers[0]} quer o divórcio, ele me bateu na {strangers[1]}, {strangers[2]} em sinopi"
    assert '"sinopi"' in guiche("explain", message).stdout
    redacted = guiche("explain", "--redact", message).stdout
    assert "bytes " in redacted
    for word in [*" ".join(strangers).split(), "sinopi"]:
        assert word.lower() not in redacted.lower()


def test_calendar_lists_the_next_days():
    result = guiche("calendar", "--place", "Cuiabá", "--from", "2026-06-01", "--next", "1", "--format", "json")
    answer = json.loads(result.stdout)
    assert [day["date"] for day in answer["days"]] == ["2026-06-04"]
    assert answer["days"][0]["reason"]["label"] == "Corpus Christi"


def test_conduct_answers_and_exits_by_it():
    result = guiche("conduct", "--device", "institutional_phone", "--channel", "messaging_app", "--counterpart", "citizen")
    assert result.returncode == 2
    assert result.stdout.startswith("proibido")
    assert "art. 5º, §1º" in result.stdout


def test_check_finds_no_error_in_the_embedded_policy():
    result = guiche("check")
    assert result.returncode == 0
    assert re.search(r"^0 erros", result.stdout, re.MULTILINE)


def test_check_names_every_problem_at_once(tmp_path):
    broken = tmp_path / "broken.textproto"
    broken.write_text(
        'id: "x" version: "1" time_zone: "America/Nowhere" covers_from: "2026-02-30" covers_until: "2027-01-01"\n'
        'routes { id: "r" unit: "nobody" act: "none" }\n'
        'messages { id: "m" text: "{" }\n'
    )
    result = guiche("check", str(broken))
    assert result.returncode == 2
    for path in "routes[r].unit", "routes[r].act", "messages[m pt-BR].text", "time_zone":
        assert f"erro: {path}: " in result.stdout
    parsed = json.loads(guiche("check", str(broken), "--format", "json").stdout)
    assert {"path", "problem", "severity"} <= parsed["problems"][0].keys()


def test_check_of_a_text_that_is_no_policy_names_line_and_column(tmp_path):
    broken = tmp_path / "broken.textproto"
    broken.write_text('id: "x"\nversion 5\n')
    result = guiche("check", str(broken))
    assert result.returncode == 2
    assert f"{broken}:2:9" in result.stdout


def test_suites_pass_and_fail(tmp_path):
    suite = tmp_path / "suite.textproto"
    case = 'cases { name: "sinop" open { place: "Sinop" at: "%s" } availability { state: %s } }'
    suite.write_text(case % (OPEN, "OPEN"))
    passed = guiche("test", str(suite))
    assert (passed.returncode, passed.stdout) == (0, "1 passed, 0 failed\n")
    suite.write_text(case % (OPEN, "CLOSED"))
    failed = guiche("test", str(suite))
    assert failed.returncode == 2
    assert "state: expected CLOSED, was OPEN" in failed.stdout


def test_batch_keeps_order_and_answers_errors_in_place():
    requests = [
        {"place": "Sinop", "at": OPEN},
        {"place": "Sinopi", "at": OPEN},
        {"place": "Sinop", "at": CLOSED, "trace": True},
        {"place": "Sinop"},
    ]
    stdin = "".join(json.dumps(request) + "\n" for request in requests) + "not json\n"
    result = guiche("batch", "open", stdin=stdin)
    answers = lines(result)
    assert result.returncode == 0
    assert [answer.get("state") for answer in answers] == ["OPEN", None, "CLOSED", None, None]
    assert "Sinop?" in answers[1]["error"]["message"]
    assert answers[2]["trace"]
    assert answers[3]["error"]["message"].startswith("at: ")


def test_batch_with_many_jobs_answers_as_with_one():
    stdin = "".join(
        json.dumps({"text": f"preciso de pensão para {n} filhos", "place": "Sinop"}) + "\n" for n in range(3000)
    )
    assert guiche("batch", "route", "--jobs", "1", stdin=stdin).stdout == guiche("batch", "route", "--jobs", "8", stdin=stdin).stdout


def test_batch_answers_a_line_before_the_next_is_written():
    with subprocess.Popen([GUICHE, "batch", "open"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for at, state in (OPEN, "OPEN"), (CLOSED, "CLOSED"):
            process.stdin.write(json.dumps({"place": "Sinop", "at": at}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["state"] == state
        process.stdin.close()


def test_batch_survives_any_line():
    stdin = b'{"text":"\xff\xfe"}\n\x00\x00\n{"text":"' + b"a" * 2_000_000 + b'"}\n{"text":"\xf0\x9f\x98\xa2"}\n' + b"[" * 100_000 + b"\n"
    result = subprocess.run([GUICHE, "batch", "route"], input=stdin, capture_output=True, timeout=60)
    assert result.returncode == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["error" in answer for answer in answers] == [True, True, True, False, True]


def test_memory_of_batch_does_not_grow_with_lines():
    line = json.dumps({"place": "Sinop", "at": OPEN}) + "\n"
    peaks = []
    for count in 5_000, 50_000:
        script = f"import resource,subprocess,sys; subprocess.run(['{GUICHE}','batch','open'],stdin=sys.stdin,stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        result = subprocess.run(["/usr/bin/python3", "-c", script], input=line * count, capture_output=True, text=True, timeout=60)
        peaks.append(int(result.stdout))
    assert peaks[1] < peaks[0] * 1.2
