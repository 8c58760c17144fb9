"""The only importer of Streamlit: the frame around pages, shared state, cards, and one module a page."""
