"""What every tier needs: the collection, by its full name."""

from tests.kit import collection

collection.make_importable()
