"""Other programs' whole servers, with the same models: how each is made ready, started and asked."""
