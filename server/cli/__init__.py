"""The commands of the server, a file for each."""
