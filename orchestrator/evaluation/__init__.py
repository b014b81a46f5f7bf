"""How good a pipeline is: what was found beside what is true."""
