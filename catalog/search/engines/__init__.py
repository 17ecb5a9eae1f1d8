"""Search engines; `catalog.search.engine` says what each of them does."""
