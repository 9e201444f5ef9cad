"""What operators do: API keys, posts that are held, dead records. The command line and the watch page share it."""
