"""Small charts and marks, drawn with plain canvas calls: many a page, a millisecond each."""
