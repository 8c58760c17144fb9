"""Whether reading pictures is good for anything: styles told apart, neighbours, speed, and files made to hurt."""
