"""The infrastructure: one stack, the same one in AWS and in the local emulator."""
