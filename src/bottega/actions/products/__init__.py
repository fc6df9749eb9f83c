"""One product whole: all that is known of it, and why it is shown or never shown."""
