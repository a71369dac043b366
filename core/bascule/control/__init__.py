"""How clients and the engine talk: messages, their framing, where to meet, both sides."""
