"""Villages on television: pages for a set-top box, and the files that an operator takes."""
