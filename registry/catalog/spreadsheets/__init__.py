"""Editions in spreadsheets: reading what people send, writing what they can send back."""
