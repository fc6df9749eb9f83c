"""What an experiment is worth: who gets which variant, what the variants earn, and how sure that is. Numbers alone.

Nothing here reads the store or knows a request: rows become these arrays in `actions/proof/`.
"""
