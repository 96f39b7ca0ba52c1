"""What pages and API share: who asks, what may be asked, how an answer looks when it went wrong."""
