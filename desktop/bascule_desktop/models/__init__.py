"""What the views show, in the form Qt's views want it: models over the store's rows."""
