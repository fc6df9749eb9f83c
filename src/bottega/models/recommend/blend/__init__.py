"""The default recommender: members with weights fitted on held-out events."""
