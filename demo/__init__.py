"""`make demo`, and the private server it runs, which the tests run many of."""
