"""Learning from each action at once: what fades, what notes say, how a mood is met, how much each reason counts."""
