"""Rules of requests: dated law, receipt, clocks, decisions, fees, remedies, papers. Pure."""
