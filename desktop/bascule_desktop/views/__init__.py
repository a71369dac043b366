"""What a person sees: layout, painting and signals. Logic is in the store and the actions."""
