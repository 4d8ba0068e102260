"""The labelled enforcement double, see README.md."""
