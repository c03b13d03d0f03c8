"""The pictures of hours as a browser shows them: colours of the days, and texts that nothing covers or cuts."""

import base64
import html
import json
import os
import re
import subprocess

import pytest

GUICHE = "tools/guiche"
OFFICE = "tests/interchange/office.textproto"
CHROMIUM = "/usr/bin/chromium"

# The picture twice: as elements, for their places, and as an image, for its pixels.
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style><body>SVG<script>
const place = element => {
  const box = element.getBoundingClientRect()
  return {left: box.left, top: box.top, right: box.right, bottom: box.bottom}
}
const image = new Image()
image.onload = () => {
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const colours = box => {
    const pixels = context.getImageData(box.left + 3, box.top + 3, box.right - box.left - 6, box.bottom - box.top - 6).data
    const shares = {}
    for (let i = 0; i < pixels.length; i += 4) {
      const colour = '#' + [0, 1, 2].map(k => pixels[i + k].toString(16).padStart(2, '0')).join('')
      shares[colour] = (shares[colour] || 0) + 4 / pixels.length
    }
    return shares
  }
  const boxes = [...document.querySelectorAll('svg g > rect.cell')].map(rect => ({
    title: rect.parentNode.querySelector('title').textContent,
    classes: [...rect.classList], place: place(rect), colours: colours(place(rect))}))
  const texts = [...document.querySelectorAll('svg text')].map(text => ({text: text.textContent, place: place(text)}))
  document.body.textContent = JSON.stringify({width: image.naturalWidth, height: image.naturalHeight, boxes, texts})
}
image.onerror = () => document.body.textContent = JSON.stringify({error: 'is no image'})
image.src = 'data:image/svg+xml;base64,BASE64'
</script>"""


def shown(tmp_path, *arguments):
    svg = subprocess.run([GUICHE, "render", *arguments, "--policy", OFFICE], check=True, stdout=subprocess.PIPE).stdout
    elements = re.sub(r"<\?xml.*?\?>", "", svg.decode())
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("SVG", elements, 1).replace("BASE64", base64.b64encode(svg).decode()), encoding="utf-8")
    result = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1600,2000",
         "--force-device-scale-factor=1", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000",
         "--dump-dom", page.as_uri()],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120,
        env={**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)})
    found = json.loads(html.unescape(re.search(r"<body>(.*)</body>", result.stdout, re.DOTALL).group(1)))
    assert "error" not in found
    return found


@pytest.fixture(name="year", scope="module")
def year_fixture(tmp_path_factory):
    return shown(tmp_path_factory.mktemp("year"), "year", "--of", "2026")


@pytest.fixture(name="week", scope="module")
def week_fixture(tmp_path_factory):
    return shown(tmp_path_factory.mktemp("week"), "week", "--service", "noturno", "--of", "2026-02-11")


# What most of a day's box is, and what is also in it.
LOOKS = {
    "open": ("#ffffff", None),
    "weekly": ("#d9d9d9", None),
    "holiday": ("#1f3a5f", None),
    "partial": ("#ffffff", "#b9c9d9"),
    "recess": ("#ffffff", "#8aa0b6"),
    "optional": ("#ffffff", "#55708c"),
}


def test_days_have_the_look_of_their_kind(year):
    seen = set()
    for box in year["boxes"]:
        for kind in set(box["classes"]) & set(LOOKS):
            ground, also = LOOKS[kind]
            assert box["colours"].get(ground, 0) > (.15 if also else .4), (box, kind)
            if also:
                assert box["colours"].get(also, 0) > .01, (box, kind)
            seen.add(kind)
    assert seen == {"open", "weekly", "partial", "recess", "optional"} | (seen & {"holiday"})


@pytest.mark.parametrize("picture", ["year", "week"])
def test_every_text_is_seen_whole(picture, request):
    found = request.getfixturevalue(picture)
    texts = [text for text in found["texts"] if text["text"].strip()]
    assert len(texts) > 20
    for text in texts:
        place = text["place"]
        assert place["right"] > place["left"], text
        assert place["left"] >= 0 and place["right"] <= found["width"], text
        assert place["top"] >= 0 and place["bottom"] <= found["height"], text
    for i, one in enumerate(texts):
        for other in texts[i + 1:]:
            a, b = one["place"], other["place"]
            # Lines may touch by the height of what no letter reaches.
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert across < 1 or down < 5, (one, other)


def test_boxes_of_days_lie_apart(year):
    assert len(year["boxes"]) == 365
    for i, one in enumerate(year["boxes"]):
        for other in year["boxes"][i + 1:]:
            a, b = one["place"], other["place"]
            assert (a["right"] <= b["left"] + .5 or b["right"] <= a["left"] + .5 or a["bottom"] <= b["top"] + .5 or
                    b["bottom"] <= a["top"] + .5), (one, other)
