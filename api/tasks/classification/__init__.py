"""Classification: what a whole image shows, as ranked labels."""
