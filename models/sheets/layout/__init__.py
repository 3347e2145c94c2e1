"""What stands where in a sheet: head, columns, rows, and what they are about."""
