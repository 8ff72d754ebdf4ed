"""For tests of applications that use cloudai."""
