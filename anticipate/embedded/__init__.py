"""A real PostgreSQL of Anticipate's own under VAR_DIR, for when DATABASE_URL is not set."""
