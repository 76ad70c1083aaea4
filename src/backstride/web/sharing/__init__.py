"""Who may see what of a walker, live: consents given, ended, and the pages they open."""
