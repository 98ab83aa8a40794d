"""The families of exported files. A new one is a module here, a line in FAMILIES, and a decode function in its task."""
