"""Engines that carry a collection beyond one machine's files."""
