"""What the pictures of a review share: colours, names that fit, where things lie, and the parts of an SVG."""
