"""The database: one base, one engine, migrations. No business words."""
