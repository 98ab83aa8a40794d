"""Reading: the lines of text in an image, what each says and where it stands."""
