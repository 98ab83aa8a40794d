"""Programs that measure Pagesight, side by side with others. They are never run by the tests."""
