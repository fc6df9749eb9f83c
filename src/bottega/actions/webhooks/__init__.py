"""What platforms push: checked, then read by the readers of their exports."""
