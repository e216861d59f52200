"""Rules of joint approval. Pure."""
