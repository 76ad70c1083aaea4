"""The room "Report": two pages for a visit, to look at, to leave parts out of, to print."""
