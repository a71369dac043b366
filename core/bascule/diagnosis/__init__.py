"""What can be said of an installation when something goes wrong, without anybody's secrets."""
