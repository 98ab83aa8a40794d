"""Chains: models made of models. A gate may stop, a model answers, and others look at what it has found."""
