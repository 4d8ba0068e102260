"""What tests, Molecule's scenarios and benches share: `from tests.kit import ...`.

The one place that says where things are is `places`; the private server itself is the demo's.
"""
