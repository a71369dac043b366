"""The wizard: from "What do you want to do?" to a saved relay that was tried for real."""
