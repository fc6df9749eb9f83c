"""What a text says in which order: plans over keys of facts and kinds of sentences, never over words."""
