"""Pages for whoever goes out: today's jobs on a telephone, with gloves and a bad connection."""
