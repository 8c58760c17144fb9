"""Measuring: how fast, how near to exact, how much memory."""
