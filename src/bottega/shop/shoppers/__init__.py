"""What a process knows of shoppers: who they are, what they did last, what they agreed to."""
