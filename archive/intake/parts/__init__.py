"""Long texts that a provider brings piece by piece, put together as their writer wrote them."""
