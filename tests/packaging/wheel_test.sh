#!/bin/sh
# Installs the wheel in an environment of its own, without a network, and asks.
set -eux
wheel=$PWD/$1
cd "$TEST_TMPDIR"
/usr/bin/python3 -m venv environment
environment/bin/pip install --no-index --no-cache-dir "$wheel"
environment/bin/python - <<'END'
from datetime import datetime
from zoneinfo import ZoneInfo

import guiche

desk = guiche.Desk()
at = datetime(2026, 1, 7, 12, tzinfo=ZoneInfo("America/Cuiaba"))
assert desk.window(place="Sinop").state(at) is guiche.State.OPEN
decision = desk.decide(text="quero pedir pensão", place="Sinop", at=at)
assert decision.route.unit.name and decision.availability.state is guiche.State.OPEN
END
environment/bin/pip uninstall --yes guiche
test -z "$(find environment -name '*guiche*')"
