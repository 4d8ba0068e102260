"""Tests, and the kit they are made with. A package, so that no other `tests` of this machine is."""
