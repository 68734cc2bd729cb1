"""Questions to the tables from the command line: events and stories as records, tables and files.

The joins are ``pipeline.load``'s; here is what is asked (``Query``), how an answer looks as a record
of plain values (``records``), in the terminal (``terminal``) and in a file (``files``).
"""

from pipeline.queries.query import Query
from pipeline.queries.records import EVENT_FIELDS, STORY_FIELDS, Field, event_records, story_records

__all__ = ["EVENT_FIELDS", "STORY_FIELDS", "Field", "Query", "event_records", "story_records"]
