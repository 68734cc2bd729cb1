"""``python -m pipeline`` is ``communique``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
