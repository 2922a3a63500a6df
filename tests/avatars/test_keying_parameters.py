"""The parameters of a screen: exactly the documented JSON, and one clear line for whatever is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avatars.keying import parameters
from avatars.keying.parameters import Parameters
from visavis.errors import ConfigError

DOCUMENTED = """{
"greenParamsRefinethHBgr": 160, // Background retention level
"greenParamsRefinethLBgr": 40, // Character edge retention width
"greenParamsBlurKs": 3, // Smoothness
"greenParamsColorbalance": 100, // Green removal level
"greenParamsSpillByalpha": 0.5, // Green removal color balance
"greenParamsSamplePointBgr": [ // Sampling color
0,
255,
0
],
"greenParamsSampleBackground": { // Background color
"color": [
255,
0,
0
]
}
}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "green.json"
    path.write_text(text)
    return path


def test_the_documented_json_is_taken_as_it_stands_and_holds_the_defaults(tmp_path: Path) -> None:
    found = parameters.load(written(tmp_path, DOCUMENTED))
    assert found == Parameters()
    assert (found.high, found.low, found.blur, found.removal, found.spill) == (160, 40, 3, 100, 0.5)
    assert (found.sample_bgr, found.background.color) == ((0, 255, 0), (255, 0, 0))


def test_what_is_copied_is_what_was_documented(tmp_path: Path) -> None:
    plain = "\n".join(line.partition(" //")[0] for line in DOCUMENTED.splitlines())
    assert Parameters().as_json() == json.loads(plain)
    assert parameters.text(Parameters()) == json.dumps(json.loads(plain), indent=2)


def test_names_without_the_prefix_and_what_is_added_come_back(tmp_path: Path) -> None:
    text = '{"RefinethHBgr": 130.5, "SamplePoint": "auto", "Box": [0.1, 0, 0.9, 1], "Erode": 1, "Feather": 3}'
    found = parameters.load(written(tmp_path, text))
    assert (found.high, found.sample, found.box, found.erode, found.feather) == (130.5, "auto", (0.1, 0, 0.9, 1), 1, 3)
    again = parameters.load(written(tmp_path, parameters.text(found)))
    assert again == found
    assert parameters.of(found.as_json()) == found


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('{\n"RefinethHBgr": 300}', 2, "RefinethHBgr: 300 cannot be used; it should be less than or equal to 255"),
        ('{"RefinethHBgr": "much"}', 1, "'much' is not a number; write a number"),
        ('{"RefinethHBgr": 30}', 1, "RefinethLBgr 40 is not below RefinethHBgr 30; lower it, or raise RefinethHBgr"),
        ('{"BlurKs": 4}', 1, "BlurKs 4 is even; write 3 or 5"),
        ('{"SamplePointBgr": [0, 0, 255]}', 1, "is neither green nor blue; write blue, green, red of the screen"),
        ('{"SamplePointBgr": [0, 255]}', 1, "SamplePointBgr"),
        ('{"SampleBackground": {"colour": [0, 0, 0]}}', 1, "did you mean 'color'?"),
        ('{\n\n"greenParamsRefinethHBg": 1}', 3, "did you mean 'RefinethHBgr'?"),
        ('{"BlurKs": 3, "greenParamsBlurKs": 5}', 1, "BlurKs is given twice; keep one of them"),
        ('{"SpillByalpha": NaN}', 1, "SpillByalpha"),
        ('{"Box": [0.5, 0, 0.5, 1]}', 1, "Box holds nothing"),
        ("[1]", 1, "does not begin with a key"),
        ('{"BlurKs": ', 1, "green.json:"),
    ],
)
def test_one_clear_line_for_what_is_wrong(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parameters.load(written(tmp_path, text))
    assert told in str(caught.value)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_a_comment_within_a_text_is_no_comment(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="https://x"):
        parameters.load(written(tmp_path, '{"SamplePoint": "https://x"}'))
