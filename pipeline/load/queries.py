"""The SQL that joins the tables. Views: the tables by their names, and ``names`` (id, shown, usual,
label, country). ``where`` is a WHERE clause over the columns that the query gives."""

from __future__ import annotations

from pipeline.load.filters import PARTY_ROLES

_ACTING = f"role IN {PARTY_ROLES}"  # a tuple of words reads the same in SQL


def is_entity(at: int, entity_id: str) -> str:
    """The column holds an entity that the party with the parameters ``ids_AT`` may be."""
    return f"{entity_id} IN (SELECT unnest($ids_{at}))"


def is_party(at: int, entity_id: str, name: str) -> str:
    """The columns hold that party: its entity, or, unresolved, its description as printed (``printed_AT``)."""
    return f"{is_entity(at, entity_id)} OR ({entity_id} IS NULL AND {name} IN (SELECT unnest($printed_{at})))"


def events_of_party(at: int) -> str:
    """Events in which that party acts."""
    return f"SELECT event_id FROM arguments WHERE {_ACTING} AND ({is_party(at, 'entity_id', 'entity_name')})"


def events(where: str, *, order: str = "date, source, source_index, start, event_id") -> str:
    """Events with names, place, sentence and article."""
    return f"""
WITH told AS (
  SELECT e.*, a.title, a.url, a.publisher, a.source, a.source_index, a.published_at, a.duplicate_of,
         a.language AS article_language, s.language, s.text AS sentence, s.start AS sentence_start,
         coalesce(e.time_start, CAST(a.published_at AS DATE)) AS date,
         CASE WHEN e.time_start IS NOT NULL THEN e.time_source
              WHEN a.published_at IS NOT NULL THEN 'publication' END AS date_source
  FROM events e
  LEFT JOIN articles a ON a.article_id = e.article_id
  LEFT JOIN sentences s ON s.article_id = e.article_id AND s.sentence_id = e.sentence_id
), chosen AS (
  SELECT * FROM told {where}
), parties AS (
  SELECT p.event_id, p.role, p.entity_id, coalesce(n.shown, p.entity_name, p.text) AS name, min(p.start) AS nth
  FROM arguments p SEMI JOIN chosen c ON c.event_id = p.event_id
  LEFT JOIN names n ON n.entity_id = p.entity_id
  WHERE p.{_ACTING}
  GROUP BY ALL
), lists AS (
  SELECT event_id,
         list(name ORDER BY nth, name) FILTER (role = 'participant') AS participants,
         list(name ORDER BY nth, name) FILTER (role = 'speaker') AS speakers,
         list(name ORDER BY nth, name) FILTER (role = 'addressee') AS addressees,
         list_sort(list(DISTINCT entity_id) FILTER (entity_id IS NOT NULL)) AS party_ids,
         count(*) FILTER (entity_id IS NULL) AS n_unresolved
  FROM parties GROUP BY event_id
)
SELECT c.event_id, c.type, c.mode, c.status, c.date, c.date_source,
       array_to_string(list_concat(coalesce(l.speakers, []), coalesce(l.participants, [])), ', ') AS who,
       array_to_string(coalesce(l.addressees, []), ', ') AS to_whom,
       coalesce(n.shown, c.place) AS place_name, c.topic, c.sentence, c.trigger, c.quote, c.language, c.title,
       c.published_at, coalesce(l.participants, []) AS participants, coalesce(l.speakers, []) AS speakers,
       coalesce(l.addressees, []) AS addressees, coalesce(l.party_ids, []) AS party_ids,
       coalesce(l.n_unresolved, 0) AS n_unresolved,
       c.* EXCLUDE (event_id, type, mode, status, date, date_source, topic, sentence, trigger, quote, language, title,
                    published_at)
FROM chosen c
LEFT JOIN lists l ON l.event_id = c.event_id
LEFT JOIN names n ON n.entity_id = c.place_entity_id
ORDER BY {order}
"""


def arguments(where: str) -> str:
    """Arguments with the entity's name and the event's type and status."""
    return f"""
SELECT p.event_id, p.role, coalesce(n.shown, p.entity_name, p.text) AS name, n.label, n.country, e.type, e.status,
       p.* EXCLUDE (event_id, role)
FROM arguments p
JOIN events e ON e.event_id = p.event_id
LEFT JOIN names n ON n.entity_id = p.entity_id
{where}
ORDER BY p.article_id, e.start, p.event_id, p.start, p.role, p.entity_id, p.text, p.entity_name
"""


def stories(where: str) -> str:
    """Stories with ids of their parties and, in the history, the articles that told it."""
    return f"""
WITH told AS (
  SELECT s.*, coalesce(s.time_start, CAST(s.first_published AS DATE)) AS date,
         CASE WHEN s.time_start IS NOT NULL THEN 'story'
              WHEN s.first_published IS NOT NULL THEN 'publication' END AS date_source
  FROM stories s
), chosen AS (
  SELECT * FROM told {where}
), ids AS (
  SELECT e.story_id, list_sort(list(DISTINCT p.entity_id)) AS party_ids
  FROM events e SEMI JOIN chosen c ON c.story_id = e.story_id
  JOIN arguments p ON p.event_id = e.event_id
  WHERE p.{_ACTING} AND p.entity_id IS NOT NULL
  GROUP BY e.story_id
), shown AS (
  SELECT usual, any_value(shown) AS shown FROM names GROUP BY usual HAVING count(DISTINCT shown) = 1
), people AS (
  SELECT story_id, list(coalesce(shown, name) ORDER BY nth) AS participants
  FROM (SELECT story_id, unnest(participants) AS name, generate_subscripts(participants, 1) AS nth FROM chosen) p
  LEFT JOIN shown ON shown.usual = p.name
  GROUP BY story_id
), history AS (
  SELECT story_id, list({{'published_at': change.published_at, 'status': change.status, 'source': a.source,
         'title': a.title, 'language': a.language, 'article_id': change.article_id}} ORDER BY nth) AS status_history
  FROM (SELECT story_id, unnest(status_history) AS change, generate_subscripts(status_history, 1) AS nth FROM chosen) h
  LEFT JOIN articles a ON a.article_id = h.change.article_id
  GROUP BY story_id
)
SELECT c.story_id, c.type, c.mode, c.status, c.date, c.date_source, p.participants,
       coalesce(n.shown, c.place) AS place_name, c.n_mentions, c.n_articles, c.languages, h.status_history,
       c.first_published, c.last_published, i.party_ids,
       c.* EXCLUDE (story_id, type, mode, status, date, date_source, participants, n_mentions, n_articles, languages,
                    status_history, first_published, last_published)
FROM chosen c
LEFT JOIN ids i ON i.story_id = c.story_id
LEFT JOIN people p ON p.story_id = c.story_id
LEFT JOIN history h ON h.story_id = c.story_id
LEFT JOIN names n ON n.entity_id = c.place_entity_id
ORDER BY date, c.story_id
"""


def dyads(where: str, *, resolved: bool) -> str:
    """Pairs of parties; ``codes`` gives the CAMEO and PLOVER codes by type, mode and status."""
    known = "AND p.entity_id IS NOT NULL" if resolved else "AND coalesce(p.entity_id, p.entity_name) IS NOT NULL"
    return f"""
WITH sides AS (
  SELECT DISTINCT p.event_id, p.role, p.entity_id AS id, coalesce(p.entity_id, '~' || p.entity_name) AS key,
         coalesce(n.shown, p.entity_name, p.text) AS name, n.label, n.country
  FROM arguments p LEFT JOIN names n ON n.entity_id = p.entity_id
  WHERE p.{_ACTING} {known}
), pairs AS (
  SELECT a.event_id, a.role = 'speaker' AS directed,
         a.key AS a_key, a.id AS a_id, a.name AS a_name, a.label AS a_label, a.country AS a_country,
         b.key AS b_key, b.id AS b_id, b.name AS b_name, b.label AS b_label, b.country AS b_country
  FROM sides a JOIN sides b ON a.event_id = b.event_id
  WHERE ((a.role = 'participant' AND b.role = 'participant' AND a.key < b.key)
         OR (a.role = 'speaker' AND b.role = 'addressee' AND a.key <> b.key))
    -- A country and its own people or bodies stand on one side.
    AND NOT (coalesce(a.country = b.country, false) AND (a.label = 'GPE') <> (b.label = 'GPE'))
), told AS (
  SELECT p.*, e.article_id, e.type, e.mode, e.status, e.time_start, e.time_end, e.time_source, e.place,
         e.place_entity_id, e.cameo, e.plover, e.story_id, a.published_at, s.language,
         coalesce(a.duplicate_of, e.article_id) AS original,
         CASE WHEN p.directed OR e.story_id IS NULL THEN e.event_id END AS single
  FROM pairs p
  JOIN events e ON e.event_id = p.event_id
  LEFT JOIN articles a ON a.article_id = e.article_id
  LEFT JOIN sentences s ON s.article_id = e.article_id AND s.sentence_id = e.sentence_id
), grouped AS (
  SELECT a_key, b_key, story_id, single AS event_id, type, directed,
         arg_min(a_name, event_id) AS party_a, arg_min(b_name, event_id) AS party_b,
         any_value(a_id) AS party_a_id, any_value(b_id) AS party_b_id,
         any_value(a_label) AS party_a_label, any_value(b_label) AS party_b_label,
         any_value(a_country) AS party_a_country, any_value(b_country) AS party_b_country,
         count(DISTINCT event_id) AS n_mentions, count(DISTINCT original) AS n_articles,
         list_sort(list(DISTINCT language)) AS languages,
         min(published_at) AS first_published, max(published_at) AS last_published,
         arg_min(status, event_id) AS own_status, arg_min(mode, event_id) AS own_mode,
         min(time_start) AS own_start, max(time_end) AS own_end, arg_min(time_source, event_id) AS own_source,
         arg_min(place, event_id) AS own_place, arg_min(place_entity_id, event_id) AS own_place_id
  FROM told GROUP BY a_key, b_key, story_id, single, type, directed
), dated AS (
  SELECT g.*, g.event_id IS NULL AS merged,
         CASE WHEN merged THEN st.status ELSE g.own_status END AS status,
         CASE WHEN merged THEN st.mode ELSE g.own_mode END AS mode,
         CASE WHEN merged THEN st.time_start ELSE g.own_start END AS time_start,
         CASE WHEN merged THEN st.time_end ELSE g.own_end END AS time_end,
         CASE WHEN merged THEN st.place ELSE g.own_place END AS place,
         CASE WHEN merged THEN st.place_entity_id ELSE g.own_place_id END AS place_entity_id,
         coalesce(time_start, CAST(g.first_published AS DATE)) AS date,
         CASE WHEN time_start IS NULL THEN 'publication' WHEN merged THEN 'story' ELSE g.own_source END AS date_source
  FROM grouped g LEFT JOIN stories st ON st.story_id = g.story_id
)
SELECT party_a, party_b, d.type, d.mode, d.status, d.date, d.date_source, d.directed,
       coalesce(n.shown, d.place) AS place_name, d.n_mentions, d.n_articles, d.languages, d.first_published,
       d.last_published, c.cameo, c.plover, d.party_a_id, d.party_b_id, d.party_a_label, d.party_b_label,
       d.party_a_country, d.party_b_country, d.story_id, d.event_id, d.time_start, d.time_end,
       n.country AS place_country
FROM (SELECT * FROM dated {where}) d
LEFT JOIN codes c ON c.type = d.type AND c.mode IS NOT DISTINCT FROM d.mode AND c.status = d.status
LEFT JOIN names n ON n.entity_id = d.place_entity_id
ORDER BY date, d.type, party_a, party_b, d.story_id, d.event_id
"""
