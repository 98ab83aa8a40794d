"""What a training tells its owner: a web page that is one file without scripts, and lines for the terminal."""
