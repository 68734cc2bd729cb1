"""The configuration is validated once, with the key's name in the message."""

import pytest

from pipeline.core.config import Config, ConfigError, load_config


def write(tmp_path, text):
    path = tmp_path / "communique.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_without_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_config() == Config()


def test_values_are_read(tmp_path):
    path = write(
        tmp_path, '[reading]\nfile_time = true\n[reading.fields]\ntitle = ["kop"]\n[events]\nmin_score = 0.4\n'
    )
    config = load_config(path)
    assert config.reading.file_time
    assert config.reading.fields.title == ("kop",)
    assert config.events.min_score == 0.4


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[reading]\nfields_map = 1\n", "reading.fields_map"),
        ("[nothing]\n", "nothing"),
        ('[entities]\nengine = "spacey"\n', "entities.engine"),
        ("[events]\nmin_score = 2\n", "events.min_score"),
        ("[run\n", "not valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path, text, named):
    with pytest.raises(ConfigError, match=named.replace(".", r"\.")):
        load_config(write(tmp_path, text))


def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(tmp_path / "none.toml")


def test_a_changed_section_changes_its_fingerprint():
    config = Config()
    other = config.events.model_copy(update={"min_score": 0.5})
    assert config.events.fingerprint() != other.fingerprint()
    assert config.events.fingerprint() == Config().events.fingerprint()
