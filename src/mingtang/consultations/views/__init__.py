"""Views of consultations: for everyone in `public`, for those who answer in `office`."""
