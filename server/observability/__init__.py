"""What operators see: request ids, logs and metrics."""
