from pathlib import Path

import pytest

from bot.problems import SettingsProblemError
from bot.texts import read_texts


def test_the_files_of_a_folder_are_one_catalogue(tmp_path: Path):
    (tmp_path / "b.toml").write_text('[toast]\nbusy = "B"\n', "utf-8")
    (tmp_path / "a.toml").write_text('[home]\nhint = "A"\n\n[format]\ntime = "t"\n', "utf-8")
    (tmp_path / "notes.txt").write_text("[home]", "utf-8")

    texts = read_texts(tmp_path)

    assert texts.tables == {"home": {"hint": "A"}, "format": {"time": "t"}, "toast": {"busy": "B"}}
    assert texts.place("format.time") == f"{tmp_path / 'a.toml'}:5"
    assert texts.place("toast.gone") == f"{tmp_path / 'b.toml'}:1"
    assert texts.place("nowhere.at_all") == f"{tmp_path}:1"


def test_a_single_file_is_read_alone(tmp_path: Path):
    file = tmp_path / "texts.toml"
    file.write_text('[home]\nhint = "A"\n', "utf-8")

    assert read_texts(file).tables == {"home": {"hint": "A"}}


def test_a_section_may_go_on_in_another_file(tmp_path: Path):
    (tmp_path / "a.toml").write_text('[home]\nhint = "A"\n', "utf-8")
    (tmp_path / "b.toml").write_text('[home]\n# more\nhelp = "B"\n', "utf-8")

    texts = read_texts(tmp_path)

    assert texts.tables == {"home": {"hint": "A", "help": "B"}}
    assert texts.place("home.help") == f"{tmp_path / 'b.toml'}:3"


def test_an_entry_in_two_files_is_refused_with_both_places(tmp_path: Path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[home]\nhint = "A"\n', "utf-8")

    with pytest.raises(SettingsProblemError) as caught:
        read_texts(tmp_path)

    assert len(caught.value.lines) == 1
    assert caught.value.lines[0].startswith(f"{tmp_path / 'b.toml'}:2: ")
    assert "a.toml" in caught.value.lines[0]
