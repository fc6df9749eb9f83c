"""The door for agents of others: verbs that read, as tools of the Model Context Protocol."""
