"""What ``pincite doctor`` looks at."""
