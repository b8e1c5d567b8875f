"""Attendance: who was there, as the tool that held the meeting tells it."""
