"""What the server keeps: conversations, answers, feedback and keys, in SQLite or Postgres."""
