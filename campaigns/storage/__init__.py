"""What is kept: the database, its tables, and one module of named queries for each noun."""
