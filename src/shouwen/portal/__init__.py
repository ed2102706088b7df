"""The customers' face: pages without an account, on which a customer brings his matter and sees it through."""
