"""When a vehicle reaches an odometer reading, and when a service is due: pure, vectorised, explained.

Readings come as flat arrays over many vehicles (`readings`), doubtful ones are set aside (`quality`), the
rest give each vehicle's driving (`driving`), that gives the day an odometer is reached (`arrival`), and
this with the time limit gives the due date of a service (`due`).

source: docs/forecast.md
"""
