"""Rules of consultations: their life in `life`, surveys in `survey`, texts in `texts`. Pure."""
