"""A donation campaign tracker: campaign pages, a ledger that proves their bars, and widgets that show them."""
