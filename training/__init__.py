"""Training of the shipped model: encoder, corpora, names, joint model, export."""
