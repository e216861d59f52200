"""Pages of joint matters."""
