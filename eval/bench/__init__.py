"""How fast it is, measured: a baseline and ours in turn in the same run, with their ratio."""
