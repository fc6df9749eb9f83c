"""The merchant's assistant: questions about the shop answered, and things to be done as suggestions to accept."""
