"""What happens around every request, one idea a module."""
