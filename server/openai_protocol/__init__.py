"""OpenAI's protocol: its bodies, its streams and its errors, around the same Answers."""
