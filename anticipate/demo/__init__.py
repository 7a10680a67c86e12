"""A dealership to look at: made-up people, cars and visits, for installations with DEMO."""
