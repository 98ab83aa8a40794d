"""What every task draws with: colours, letters of many scripts, and plates for labels. It knows no task's results."""
