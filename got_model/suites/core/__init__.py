"""What suites share: their sample, their list, files that must be there."""
