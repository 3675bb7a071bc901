"""One module for each sort of page: begin, call the verb, render."""
