"""Neural models of a community: small, seeded, trained by torch and kept as plain arrays, so that folding in needs no torch."""
