"""The composer: what geometry leaves unsure in a dressed picture, learnt from photos of people who wear things."""
