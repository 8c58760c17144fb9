"""ArtRec: find art by words or by likes, and see why. Importing this loads neither Streamlit nor torch."""

__version__ = "1.0.0"
