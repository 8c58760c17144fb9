"""Lab: what fine-tuning changed, how it was trained, what was measured, and what the heads read out of a text."""

from artrec.ui import frame, lab

with frame.open("Lab") as app:
    lab.show(app)
