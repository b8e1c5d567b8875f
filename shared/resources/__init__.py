"""Resources: what libraries share beside the recordings, by theme."""
