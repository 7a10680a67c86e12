"""The words the grammar knows, as data: one file a language, one for what both share."""
