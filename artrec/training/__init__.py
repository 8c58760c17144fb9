"""Teaching the encoder about art. Imports torch; nothing outside `artrec train` and `artrec evaluate` imports this."""
