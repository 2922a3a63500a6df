"""`visavis kb import` and `kb export` as an operator calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.cli import main

FILE = """knowledge: shop
language: en
faq:
  items:
    # The hours change in May.
    - {id: hours, ask: When do you open?, say: At nine., action: nod}
keywords:
  items:
    - {id: wc, any: [toilet], say: On the left.}
"""


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    folder = tmp_path / "configs" / "knowledge"
    folder.mkdir(parents=True)
    (folder / "shop.yaml").write_text(FILE)
    (folder.parent / "app.yaml").write_text(f"cache: {{dir: {tmp_path / 'var' / 'cache'}}}\n")
    return folder.parent


def call(configs: Path, *words: object) -> int:
    try:
        return main(["kb", *map(str, words), "--config", str(configs)])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_out_to_a_spreadsheet_and_back(configs, tmp_path, capsys):
    out = tmp_path / "shop.csv"
    assert call(configs, "export", "shop", "--out", out, "--bom") == 0
    assert "not in this file: keywords (1)" in capsys.readouterr().out
    raw = out.read_text("utf-8")
    out.write_text(raw.replace("At nine.", "At ten.") + "dogs,May my dog come in?,No.\r\n", "utf-8")
    assert call(configs, "import", out, "--into", "shop", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["changed"], told["refused"], told["written"]) == (["dogs"], ["hours"], [], True)
    said = (configs / "knowledge" / "shop.yaml").read_text()
    assert "# The hours change in May." in said
    assert "At ten." in said
    assert "id: wc" in said


def test_a_bad_row_is_one_clear_line_and_status_1(configs, tmp_path, capsys):
    (tmp_path / "new.csv").write_text("id,ask,say,action\nx,Why?,So.,wawe\n")
    assert call(configs, "import", tmp_path / "new.csv", "--into", "shop") == 1
    ended = capsys.readouterr()
    assert f"{tmp_path / 'new.csv'}: row 2, action: there is no action 'wawe'; did you mean 'wave'?" in ended.err
    assert "nothing was changed" in ended.out
    assert (configs / "knowledge" / "shop.yaml").read_text() == FILE


def test_a_new_file_is_named_by_what_comes_in(configs, tmp_path, capsys):
    (tmp_path / "talk.yml").write_text("categories: [small talk]\nconversations:\n- - 你好\n  - 您好！\n")
    assert call(configs, "import", tmp_path / "talk.yml") == 0
    said = (configs / "knowledge" / "small-talk.yaml").read_text()
    head = "knowledge: small-talk\nlanguage: zh\n\nfaq:\n  items:\n"
    assert said == head + "    - id: ni-hao\n      ask: 你好\n      say: 您好！\n"
    assert "1 added" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("export", "shop", "--out", "shop.odt"), 1, "the name does not tell its format"),
        (("export", "shp", "--out", "x.csv"), 1, "did you mean 'shop'?"),
        (("export", "shop", "--out", "x.zip"), 1, "has 0 skills"),
        (("import", "nowhere.csv", "--into", "shop"), 1, "there is no such file"),
        (("import", "x.csv", "--format", "ods"), 2, "invalid choice"),
    ],
)
def test_bad_calls(configs, tmp_path, monkeypatch, capsys, words, status, said):
    monkeypatch.chdir(tmp_path)
    assert call(configs, *words) == status
    assert said in capsys.readouterr().err
