"""What every task draws with: colours, letters of many scripts, and plates for labels. It does not know any task."""
