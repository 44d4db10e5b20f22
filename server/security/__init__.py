"""Who may call the server, how often, and what a browser may do with what it sends back."""
