"""An article on which a stage hangs is a failure, and the others have their rows."""

import re
import time
from pathlib import Path

import pandas as pd
import pytest

from pipeline.articles import build
from pipeline.core.config import Config, Run
from pipeline.language import stage as language_stage
from pipeline.run import run


@pytest.mark.parametrize(
    ("module", "name", "stage"), [(build, "unwrap", "articles"), (language_stage, "split_line", "language")]
)
def test_a_hanging_article_is_a_failure(
    module: object,
    name: str,
    stage: str,
    raw: Path,
    tmp_path: Path,
    small_config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the stages load with the first article is no part of the trap's time.
    run(raw=raw, processed=tmp_path / "warm", config=small_config, workers=1)
    (raw / "trap.txt").write_text("A trap.\nThe minister met nobody.\n")
    honest = getattr(module, name)

    def hang(text: str) -> object:
        if "trap" in text:
            re.match(r"(?:a+)+$", "a" * 60 + "b")
        return honest(text)

    monkeypatch.setattr(module, name, hang)
    began = time.monotonic()
    config = small_config.model_copy(update={"run": Run(seconds_per_article=3)})
    run(raw=raw, processed=tmp_path / "out", config=config, workers=1)
    assert time.monotonic() - began < 120
    failures = pd.read_parquet(tmp_path / "out" / "failures")
    assert failures[["source", "stage", "error"]].to_numpy().tolist() == [["trap.txt", stage, "TimeLimit"]]
    sentences = pd.read_parquet(tmp_path / "out" / "sentences")
    assert sentences.article_id.nunique() == 3
