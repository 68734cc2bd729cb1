"""Growth of time and memory of merging events into stories: `python benchmarks/stories.py`.

Events come from templates: every real event has parties, a day and a place, and is told by one to
six articles of the days after it, some of them without a date. Each size runs in a process of its
own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import time
from datetime import date, timedelta

import click

from pipeline.stories.matching import PERSON, EventMention, Party, Place
from pipeline.stories.merge import merge_events

_FIRST_DAY = date(2020, 1, 1)
_EVENTS_A_DAY = 300


def make_events(count: int, seed: int = 7) -> list[EventMention]:
    """Make that many mentions of meetings and calls, about 300 for each day of publication."""
    random_ = random.Random(seed)
    nations = [f"N{n:03}" for n in range(190)]
    weights = [1 / (n + 3) for n in range(190)]
    people = {n: [Party(f"{n}-{i}", n, PERSON, f"name{n}{i}", True, False, (n,)) for i in range(12)] for n in nations}
    places = {n: Place(f"city-{n}", n, "city") for n in nations}
    days = max(1, count // _EVENTS_A_DAY)
    events: list[EventMention] = []
    while len(events) < count:
        type_ = random_.choice(("meeting", "meeting", "call"))
        size = 2 if type_ == "call" else random_.choice((2, 2, 2, 3, 5, 12))
        chosen = list(dict.fromkeys(random_.choices(nations, weights, k=size)))
        parties = tuple(sorted((random_.choice(people[n]) for n in chosen), key=lambda p: p.key))
        day = _FIRST_DAY + timedelta(days=random_.randrange(days))
        place = places[chosen[0]] if type_ == "meeting" else None
        for _ in range(random_.randint(1, 6)):
            published = day + timedelta(days=random_.choice((-3, 0, 0, 1, 1, 2)))
            told = random_.random() < 0.6
            n = len(events)
            events.append(
                EventMention(
                    f"e{n:08}", f"a{n // 2:08}", n % 9, n, type_, None, "planned" if published < day else "actual",
                    parties, day if told else None, day if told else None, published, place,
                )
            )  # fmt: skip
    return events[:count]


def measure(count: int) -> dict[str, float]:
    """Time the merging of that many mentions; peak memory of the process in megabytes."""
    events = make_events(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, used = time.perf_counter(), time.process_time()
    stories = merge_events(events, {})
    return {
        "events": count,
        "stories": len(stories),
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "events_mb": round(before),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


@click.command(context_settings={"show_default": True})
@click.option("--sizes", default="10000,100000", help="Numbers of events, with commas.")
def main(sizes: str) -> None:
    """Print one line of JSON a size."""
    context = multiprocessing.get_context("spawn")
    for size in sizes.split(","):
        with context.Pool(1) as pool:
            click.echo(json.dumps(pool.apply(measure, (int(size),))))


if __name__ == "__main__":
    main()
