"""How tokens lie in PostgreSQL: a schema of plain tables, made, dropped and renamed as a whole, like files in a folder.

documents     the tokens of each document as a tsvector under a GIN index, facet values among them
titles        one narrow row a document, for answers that read every document
combinations  each set of facet values that documents have, so that facets are counted by sets and not by documents
tokens        each token with the number of its documents; words also as they are compared, and by their sound

A new layout needs a new FORMAT: the names of the schemas carry it, so an index of another version is no index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b

from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from catalog.languages.skeleton import skeleton
from catalog.languages.spelling import comparable
from catalog.search.documents import SOUND_LETTERS, VOCABULARY_LETTERS, Document
from catalog.search.engine import SearchError
from catalog.search.engines.postgres_connection import change, reading, storable, text_of
from catalog.search.engines.sounds import line as sounds_line
from catalog.search.results import FACETS

FORMAT = 1
IN_USE, BUILDING, OLD = f"search_{FORMAT}", f"search_{FORMAT}_new", f"search_{FORMAT}_old"
FACET_LETTERS = dict(zip(FACETS, "12345", strict=True))  # a facet's values are tokens of their own kind
FACET_OF = {letter: facet for facet, letter in FACET_LETTERS.items()}
EVERYTHING = "0"  # stands among the tokens for the number of all documents
LONGEST_LENGTH = 255
# Rows up to a page stay in one piece and uncompressed: unpacking each tsvector that is looked at takes longest of all.
TABLES = """
CREATE TABLE {0}.documents (edition_id bigint PRIMARY KEY, combination bigint NOT NULL, length smallint NOT NULL,
    languages text NOT NULL, tokens tsvector NOT NULL) WITH (toast_tuple_target = 8160);
ALTER TABLE {0}.documents ALTER tokens SET STORAGE EXTERNAL;
CREATE TABLE {0}.titles (edition_id bigint PRIMARY KEY, combination bigint NOT NULL, title text NOT NULL);
CREATE TABLE {0}.combinations (combination bigint PRIMARY KEY, facets text[] COLLATE "C" NOT NULL,
    documents integer NOT NULL);
CREATE TABLE {0}.tokens (token text COLLATE "C" NOT NULL, documents integer NOT NULL, letters text COLLATE "C",
    skeleton text COLLATE "C");
CREATE TABLE {0}.parts (LIKE {0}.tokens);
CREATE TABLE {0}.revisions (edition_id bigint PRIMARY KEY, revision bigint NOT NULL)
"""
INDEXES = """
INSERT INTO {0}.tokens
    SELECT token, sum(documents), min(letters), min(skeleton) FROM {0}.parts GROUP BY token ORDER BY token;
ALTER TABLE {0}.tokens ADD PRIMARY KEY (token) INCLUDE (documents);
CREATE INDEX ON {0}.tokens USING gin (letters gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX ON {0}.tokens (skeleton) WHERE skeleton IS NOT NULL;
CREATE INDEX ON {0}.documents USING gin (tokens) WITH (fastupdate = off);
INSERT INTO {0}.combinations
    SELECT combination, array(SELECT token FROM unnest(tsvector_to_array(tokens)) token WHERE token < '6'), books
    FROM (SELECT combination, count(*) AS books, min(edition_id) AS edition_id FROM {0}.documents GROUP BY combination)
    counted JOIN {0}.documents USING (combination, edition_id);
DROP TABLE {0}.parts;
ANALYZE {0}.documents, {0}.titles, {0}.combinations, {0}.tokens
"""
VACUUM = "VACUUM {0}.documents, {0}.titles, {0}.combinations, {0}.tokens"


def within(schema: str, statement: str, **parts: sql.Composable) -> sql.Composed:
    """A statement about the tables of `schema`, which stands in it as {0}, with parts of it by their names."""
    return sql.SQL(statement).format(sql.Identifier(schema), **parts)


def exists(schema: str, table: str = "documents") -> bool:
    """Whether there is such an index."""
    return bool(change(sql.SQL("SELECT to_regclass({})").format(sql.Literal(f"{schema}.{table}")))[0][0])


def create(schema: str) -> None:
    """Make the tables of a new index."""
    check_database()
    try:
        with transaction.atomic():
            change(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            change(within(schema, TABLES))
    except ProgrammingError as error:
        raise SearchError(
            "This database user may not make the tables of the search index: "
            "have an administrator of the database run `GRANT CREATE ON DATABASE ... TO ...`."
        ) from error


def drop(schema: str) -> None:
    """Remove an index, if there is one."""
    change(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def check_database() -> None:
    """Have pg_trgm, and see that it works on every script. Raises SearchError."""
    try:
        with transaction.atomic():
            change(sql.SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except ProgrammingError as error:
        raise SearchError(
            "Search needs the extension pg_trgm, which this database user may not install: "
            "have an administrator of the database run `CREATE EXTENSION pg_trgm`."
        ) from error
    if not change(sql.SQL("SELECT cardinality(show_trgm('안녕'))"))[0][0]:
        raise SearchError(
            "The database was created with the locale C, in which PostgreSQL knows letters of English only: "
            "create it with C.UTF-8 (`createdb --template=template0 --locale=C.UTF-8`) and load the data again."
        )


def facet_token(facet: str, value: str) -> str:
    """A value of a facet as a token."""
    return storable(FACET_LETTERS[facet] + value)


def stored_tokens(document: Document) -> set[str]:
    """The tokens of a document, its facets among them, as they can be stored."""
    facets = (facet_token(facet, value) for facet, values in document.facets.items() for value in values)
    return {storable(token) for token in document.tokens if token}.union(facets)


def facets_among(tokens: Iterable[str]) -> list[str]:
    """Those of some tokens that are values of facets."""
    return sorted(token for token in tokens if token[0] in FACET_OF)


def combination(tokens: Iterable[str]) -> int:
    """The number of a set of facet values: a hash of it, so that processes need not agree on one."""
    digest = blake2b("\0".join(facets_among(tokens)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def counted(token: str, documents: int) -> tuple[str, int, str | None, str | None]:
    """A row about a token: a word also as it is compared and, where it can be met by ear, with its skeleton."""
    letter, text = token[0], token[1:]
    letters = comparable(text) if letter in VOCABULARY_LETTERS else None
    heard = skeleton(text) if letter in SOUND_LETTERS and sounds_line(text) else None
    return token, documents, letters, heard


def literal(tokens: Iterable[str]) -> str:
    """Tokens as the text of a tsvector, or each as a word of a tsquery: nothing in a token can end its quotes."""
    return " ".join(map(quoted, tokens))


def quoted(token: str) -> str:
    """One token as a word of a tsvector or a tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def copy_rows(schema: str, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Store many rows at once."""
    with connection.cursor() as cursor, cursor.copy(text_of(within(schema, statement))) as copy:
        for row in rows:
            copy.write_row(row)


def copy_documents(schema: str, documents: Collection[tuple[Document, set[str]]]) -> None:
    """Store documents with their tokens; none of them is there."""

    def rows() -> Iterator[tuple[object, ...]]:
        for document, tokens in documents:
            length = min(document.length, LONGEST_LENGTH)
            languages = storable(" ".join(("", *document.facets.get("language", ()), "")))
            yield document.id, combination(tokens), length, languages, literal(tokens)

    titles = [(document.id, combination(tokens), storable(document.title)) for document, tokens in documents]
    copy_rows(schema, "COPY {0}.documents (edition_id, combination, length, languages, tokens) FROM STDIN", rows())
    copy_rows(schema, "COPY {0}.titles (edition_id, combination, title) FROM STDIN", titles)


def replace(schema: str, documents: Collection[Document], removed: Collection[int]) -> None:
    """Replace and remove documents in one commit, and count anew. Raises IndexMissing."""
    new = [(document, stored_tokens(document)) for document in documents]
    gone = list({*removed, *(document.id for document in documents)})
    if not gone:
        return
    with transaction.atomic():
        tokens: Counter[str] = Counter()
        sets: Counter[tuple[str, ...]] = Counter()
        with reading():
            old = change(within(schema, "DELETE FROM {0}.documents WHERE edition_id = ANY(%s) RETURNING "
                                        "tsvector_to_array(tokens)"), (gone,))  # fmt: skip
        for (had,) in old:
            tokens.subtract([*had, EVERYTHING])
            sets[tuple(facets_among(had))] -= 1
        for _, has in new:
            tokens.update([*has, EVERYTHING])
            sets[tuple(facets_among(has))] += 1
        change(within(schema, "DELETE FROM {0}.titles WHERE edition_id = ANY(%s)"), (gone,))
        copy_documents(schema, new)
        _count(schema, tokens, sets)


def _count(schema: str, tokens: Counter[str], sets: Counter[tuple[str, ...]]) -> None:
    """Add to the numbers of documents that have tokens and sets of facet values."""
    rows = [counted(token, more) for token, more in sorted(tokens.items()) if more]
    columns = [[row[place] for row in rows] for place in range(4)]
    change(within(schema, "INSERT INTO {0}.tokens AS t SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], "
                          "%s::text[]) ON CONFLICT (token) DO UPDATE SET documents = t.documents + excluded.documents"),
           tuple(columns))  # fmt: skip
    change(within(schema, "DELETE FROM {0}.tokens WHERE documents <= 0 AND token = ANY(%s)"), (columns[0],))
    several = [(combination(facets), "\x1f".join(facets), more) for facets, more in sorted(sets.items()) if more]
    columns = [[row[place] for row in several] for place in range(3)]
    change(within(schema, "INSERT INTO {0}.combinations AS c SELECT number, string_to_array(facets, chr(31)), more "
                          "FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS t (number, facets, more) "
                          "ON CONFLICT (combination) DO UPDATE SET documents = c.documents + excluded.documents"),
           tuple(columns))  # fmt: skip
