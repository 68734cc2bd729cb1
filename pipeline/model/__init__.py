"""The multilingual model: names, events and their arguments in one pass, without PyTorch."""

from pipeline.model.manifest import ModelError, default_folder, verify
from pipeline.model.runtime import Analysis, Argument, Event, Hint, Model, Name

__all__ = [
    "Analysis",
    "Argument",
    "Event",
    "Hint",
    "Model",
    "ModelError",
    "Name",
    "default_folder",
    "verify",
]
