"""What gunicorn runs: processes and signals. Only this folder imports gunicorn."""
