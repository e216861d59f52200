"""Views of joint matters."""
