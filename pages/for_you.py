"""For you: recommendations from what was liked, with every weight in reach."""

from artrec.ui import for_you, frame

with frame.open("For you") as app:
    settings = for_you.controls(app)
    for_you.show(app, settings)
