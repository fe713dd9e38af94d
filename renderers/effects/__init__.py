"""What printers, paper, scanners and phones do to clean pictures: drawn as plain data, then applied."""
