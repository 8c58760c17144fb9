"""What people's likes and ratings say about works: models of a community, and folding a new person into them."""
