"""How fast texts are found, beside SQLite's FTS5, tantivy and Whoosh as it comes: one corpus, one process, in turn.

`corpus` makes the texts, `questions` what is asked of them; each engine is a file of `engines`. `indexing` and `asking`
let the engines take turns, `living` measures what only ours is asked, `rows` says what came of it beside the aims.
"""
