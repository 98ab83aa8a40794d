"""What puts Pagesight online and keeps it there."""
