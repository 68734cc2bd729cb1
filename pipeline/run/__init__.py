"""The run: which inputs there are, every stage over them, and only what is new."""

from pipeline.run.plan import PlanError
from pipeline.run.runner import Outcome, Progress, run

__all__ = ["Outcome", "PlanError", "Progress", "run"]
