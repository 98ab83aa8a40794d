"""From a folder of photographs to a model of one's own. Nothing that serves imports it."""
