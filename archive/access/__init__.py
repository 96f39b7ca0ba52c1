"""Who may do what: organisations, people, roles, sessions, API keys."""
