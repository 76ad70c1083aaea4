"""The site: Django, one app a room of the house. `home` says where its data live."""
