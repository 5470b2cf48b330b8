"""What makes notices, mails and webhook deliveries, and what organisations may change of them."""
