"""Google's sources (Gemini and Vertex) and the reader of Gemini's price cells."""
