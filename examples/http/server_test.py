"""The server answers, refuses, reloads and ends, and drops no request on the way."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

SERVER = "examples/http/server"
POLICY = "policy/mato_grosso.binpb"
OPEN = {"place": "Sinop", "at": "2026-03-05T13:00:00-04:00"}


class Server:
    """A server on a free port, whose policy bears the version that set() wrote."""

    def __init__(self, directory):
        self.policy = directory / "policy.binpb"
        self.set("A")
        self.process = subprocess.Popen(
            [SERVER, "--port=0", self.policy],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def set(self, version):
        """Writes the policy with this version, as a whole, never half."""
        new = self.policy.with_suffix(".new")
        # Of a field that comes twice protobuf takes the last; version is number 2.
        field = bytes([2 << 3 | 2, len(version)]) + version.encode()
        new.write_bytes(Path(POLICY).read_bytes() + field)
        os.replace(new, self.policy)

    def reload(self):
        """Has the policy read anew, and returns what the server says of it."""
        self.process.send_signal(signal.SIGHUP)
        return self.process.stderr.readline()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method, path, body=None, headers=()):
        connection = self.connect()
        if isinstance(body, dict):
            body = json.dumps(body)
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, json.loads(response.read())


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    yield server
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0


def test_questions(server):
    status, answer = server.ask("POST", "/v1/open", OPEN)
    assert (status, answer["state"]) == (200, "OPEN")
    assert answer["policy"]["version"] == "A"
    request = {"text": "preciso de pensão para meu filho", **OPEN}
    status, answer = server.ask("POST", "/v1/decide", request)
    assert (status, answer["route"]["area"]) == (200, "familia")
    assert server.ask("GET", "/v1/policy") == server.ask("GET", "/ready")
    assert server.ask("GET", "/health") == (200, {})


def test_openapi(server):
    status, document = server.ask("GET", "/openapi.json")
    assert status == 200
    schemas = document["components"]["schemas"]
    refs = set()

    def collect(node):
        for key, value in node.items() if isinstance(node, dict) else []:
            if key == "$ref":
                refs.add(value.rpartition("/")[2])
            collect(value)

    collect(document)
    assert refs <= set(schemas)
    assert "place" in schemas["AvailabilityRequest"]["properties"]
    _, answer = server.ask("POST", "/v1/decide", OPEN)
    assert set(answer) == set(schemas["Decision"]["properties"])
    for path, operations in document["paths"].items():
        for method in operations:
            body = {} if method == "post" else None
            assert server.ask(method.upper(), path, body)[1] != {}


@pytest.mark.parametrize(
    "path, body, headers, status, code, message",
    [
        ("/v1/open", "{", {}, 400, "INVALID_ARGUMENT", "request: is no JSON"),
        ("/v1/open", '{"plaec": ""}', {}, 400, "INVALID_ARGUMENT", "plaec"),
        ("/v1/open", {**OPEN, "place": "Nenhures"}, {}, 404, "NOT_FOUND", "place"),
        ("/v1/nada", "{}", {}, 404, "NOT_FOUND", "/openapi.json"),
        ("/v1/open", b"x" * (1 << 20) + b"x", {}, 413, "INVALID_ARGUMENT", "1048576"),
        ("/v1/open", iter([b"x" * 65536] * 17), {}, 413, "INVALID_ARGUMENT", "1048576"),
        (
            "/v1/open",
            "--b\r\n",
            {"Content-Type": "multipart/form-data; boundary=b"},
            415,
            "INVALID_ARGUMENT",
            "multipart",
        ),
    ],
    ids="json field place path long chunked multipart".split(),
)
def test_refusals(server, path, body, headers, status, code, message):
    actual, answer = server.ask("POST", path, body, headers)
    assert (actual, answer["error"]["code"]) == (status, code)
    assert message in answer["error"]["message"]


def test_a_policy_that_does_not_compile_changes_nothing(server):
    server.set("B")
    assert server.reload().startswith("policy ")
    assert server.ask("GET", "/v1/policy")[1]["version"] == "B"
    server.policy.write_bytes(b"no policy")
    said = server.reload()
    assert "stays as it was" in said and "policy.binpb: is no" in said
    assert server.ask("GET", "/v1/policy")[1]["version"] == "B"


def test_no_request_is_dropped_while_policies_change(server):
    seen, failures, done = set(), [], threading.Event()

    def ask():
        connection = server.connect()
        try:
            while not done.is_set():
                connection.request("POST", "/v1/open", json.dumps(OPEN))
                response = connection.getresponse()
                answer = json.loads(response.read())
                seen.add((answer["policy"]["version"], answer["policy"]["digest"]))
                assert (response.status, answer["state"]) == (200, "OPEN")
        except Exception as error:  # pylint: disable=broad-except
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    digests = set()
    for version in "BABABA":
        server.set(version)
        digests.add((version, server.reload().split()[1]))
        time.sleep(0.05)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen == digests and len(seen) == 2
