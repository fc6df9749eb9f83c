"""The catalogue as files that other systems take, one file a format; the readers read them back."""
