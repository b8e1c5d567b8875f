"""Whether the DNS lets Amazon SES send mail for the network's sender, so that it arrives."""
