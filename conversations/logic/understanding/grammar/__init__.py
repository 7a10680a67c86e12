"""The grammar of days and times, one idea a file; every rule is a name, a shape and what to make of it."""
