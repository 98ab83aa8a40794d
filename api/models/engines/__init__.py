"""How a network is computed: array in, named arrays out. An engine knows nothing of boxes."""
