"""What every renderer drew when its version was recorded, and the test that it draws the same today."""
