"""Template tags of joint matters."""
