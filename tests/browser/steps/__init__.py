"""What people do at their desks, by the words they read there."""
