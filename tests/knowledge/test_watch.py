from __future__ import annotations

import asyncio

from knowledge.watch import stamp, watch


async def test_an_edit_by_replacing_the_file_is_told(tmp_path):
    folder = tmp_path.resolve()
    path = folder / "museum.yaml"
    path.write_text("knowledge: museum\n")
    stop = asyncio.Event()
    changes = watch(folder, stop)
    first = asyncio.ensure_future(anext(changes))
    while not first.done():
        # The watcher says nowhere that it is ready: edits go on until one is told.
        replacement = folder / ".museum.yaml.swp"
        replacement.write_text("knowledge: museum\nlanguage: en\n")
        replacement.replace(path)
        await asyncio.wait({first}, timeout=0.3)
    assert await first == {path}
    stop.set()
    assert [each async for each in changes] == []


async def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path):
    folder, stop = tmp_path.resolve() / "lexicon", asyncio.Event()
    changes = watch(folder, stop)
    first = asyncio.ensure_future(anext(changes))
    await asyncio.wait({first}, timeout=0.1)
    assert not first.done()
    folder.mkdir()
    (folder / "house.yaml").write_text("lexicon: house\n")
    assert await first == {folder / "house.yaml"}
    stop.set()
    assert [each async for each in changes] == []


def test_a_stamp_tells_whether_anything_that_matters_was_changed(tmp_path):
    path = tmp_path / "museum.yaml"
    path.write_text("knowledge: museum\n")
    before = stamp(tmp_path)
    (tmp_path / "hours.svg").write_text("<svg/>")
    assert stamp(tmp_path) == before
    (tmp_path / "new.yaml").write_text("knowledge: museum\n")
    (tmp_path / "new.yaml").replace(path)
    assert stamp(tmp_path) != before
    assert stamp(tmp_path / "nothing") == frozenset()
