# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Near misses: what whoever made a refused token probably did, one file for each kind of token.

Each knows the slips that are made with its kind, tries them with the secrets that are known here,
and tells the formula that makes the very text that was given. Never a secret.

PRIVATE to the collection.
"""
