"""Pictures become arrays: files, metadata, masks, catalogues of photos."""
