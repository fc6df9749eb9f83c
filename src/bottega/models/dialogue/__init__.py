"""What a line of a talk asks for, and what stands between its turns: pure functions of a state and a message."""
