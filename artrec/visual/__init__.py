"""Reading pictures: loading, features with names, a learned view, and the store that a collection keeps of them."""
