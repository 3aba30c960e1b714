"""OpenRouter's sources and the reader of the pricing object that they share."""
